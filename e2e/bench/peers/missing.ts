/** What a peer measured, or why it cannot be asked on this machine. */
export type Asked<T> = { readonly value: T } | { readonly missing: string };
