import type { Net } from './testNets';

/* How an op of random networks is written for a value. For tests only. */

export interface Value {
  readonly name: string;
  /** Without the batch's axis. */
  readonly shape: readonly number[];
}

/** The length of the batch's axis, which reshapes have to name. */
export const BATCH = 3;

/** How one op of a random network is to be: how wide, and which of several forms it has. */
export interface OpChoice {
  readonly b: number;
  readonly width: number;
}

export interface Place {
  readonly g: Net;
  readonly name: string;
  readonly value: Value;
  readonly step: OpChoice;
  readonly partner: (value: Value, back: number) => Value;
}
/** Null where the op does not fit the value: then it is left out. */
export type Rule = (place: Place) => Value | null;
