/** Cases of networks and operators from PyTorch that are refused on purpose, each with its reason. */
export const REASONS: Readonly<Record<string, string>> = {};
