/** A line of the bench's table: a task done by the studio and by what it is measured against. */
export interface Row {
  readonly task: string;
  readonly where: string;
  readonly rival: string;
  readonly ours: Quantity;
  /** Null: the rival is not on this machine, and why. */
  readonly rivals: Quantity | null;
  /** Why there is no ratio. */
  readonly missing?: string;
  readonly bound: Bound | null;
}

/** How large `ours / rivals` may be at most, or `rivals / ours` must be at least. */
export type Bound = { readonly atMost: number } | { readonly faster: number };

export type Quantity =
  | { readonly kind: 'ms'; readonly value: number }
  | { readonly kind: 'bytes'; readonly value: number };

export const ms = (value: number): Quantity => ({ kind: 'ms', value });
export const bytes = (value: number): Quantity => ({ kind: 'bytes', value });

export const printed = ({ kind, value }: Quantity): string => {
  if (kind === 'bytes')
    return value < 1e6 ? `${(value / 1e3).toFixed(0)} kB` : `${(value / 1e6).toFixed(0)} MB`;
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
};

const round = (ratio: number): string => ratio.toFixed(ratio < 10 ? 2 : 0);

/** `3.42×` of the rival's time or size; where the bound says how much faster, how many times faster. */
export function ratioOf({ ours, rivals, bound }: Row): number | null {
  if (rivals === null) return null;
  return bound !== null && 'faster' in bound ? rivals.value / ours.value : ours.value / rivals.value;
}

export const printedRatio = (row: Row): string => {
  const ratio = ratioOf(row);
  if (ratio === null) return '';
  return row.bound !== null && 'faster' in row.bound ? `${round(ratio)}× faster` : `${round(ratio)}×`;
};

export const printedBound = ({ bound }: Row): string => {
  if (bound === null) return 'none';
  return 'faster' in bound ? `≥ ${bound.faster}× faster` : `≤ ${bound.atMost}×`;
};

export type Verdict = 'ok' | 'FAILED' | 'missing' | '';

export function verdictOf(row: Row): Verdict {
  const ratio = ratioOf(row);
  if (ratio === null) return row.bound === null ? '' : 'missing';
  if (row.bound === null) return '';
  const holds = 'faster' in row.bound ? ratio >= row.bound.faster : ratio <= row.bound.atMost;
  return holds ? 'ok' : 'FAILED';
}
