/*
 * What a pickle holds, as plain data. Nothing of it is ever run: a class or function that the pickle names is looked up
 * in a fixed table (`PickleWorld`), and what is not in it is refused.
 */

/** A thing that only the reader of a certain kind of pickle knows: a tensor, a storage. */
export abstract class PickleObject {
  /** For messages: `a tensor`. */
  abstract readonly title: string;
}

/** A function or class that a pickle may call, in the table's own words. */
export class PickleFunction {
  constructor(
    /** Its full name: `torch._utils._rebuild_tensor_v2`. */
    readonly name: string,
    /** What a call gives. `fail` throws the FormatError; the problem goes on from the function's name. */
    readonly call: (args: readonly PickleValue[], fail: (problem: string) => never) => PickleValue,
  ) {}
}

export class PickleList {
  readonly items: PickleValue[] = [];
}
export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}
/** Entries in the order in which they were set; a key that is set again keeps its place, as in Python. */
export class PickleDict {
  readonly entries = new Map<PickleValue, PickleValue>();
}
/** Elements are not compared with each other: readers of models have no use for sets. */
export class PickleSet {
  readonly items: PickleValue[] = [];
}

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleSet
  | PickleFunction
  | PickleObject;

/** What the names of a pickle stand for. */
export interface PickleWorld {
  /** The value of `module.name`. Throws a FormatError for one that is not in the table. */
  find(module: string, name: string): PickleValue;
  /** What a persistent id refers to: something kept outside of the pickle. */
  persistent(id: PickleValue): PickleValue;
}

/** How a message shows a value: short, and without its content where that may be long. */
export function showPickle(value: PickleValue): string {
  if (typeof value === 'string') return value.length > 40 ? `'${value.slice(0, 40)}…'` : `'${value}'`;
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof PickleFunction) return value.name;
  if (value instanceof PickleObject) return value.title;
  if (value instanceof PickleDict) return `a dict of ${value.entries.size}`;
  const name = value instanceof PickleTuple ? 'tuple' : value instanceof PickleList ? 'list' : 'set';
  return `a ${name} of ${value.items.length}`;
}
