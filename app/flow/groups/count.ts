/** `842`, `1.2k`: what fits on a node. */
export const formatCount = (count: number): string =>
  count < 1000 ? String(count) : `${(count / 1000).toFixed(count < 9950 ? 1 : 0)}k`;
