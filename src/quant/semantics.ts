/** `exact` keeps the float function on every graph; `pytorch` does what PyTorch 1.13.1 does, its defects included. */
export type Semantics = 'exact' | 'pytorch';
