import type { InParts } from '../inParts';

/** A value of plain data as one text, which a browser takes over and reads much faster than the objects of a message. */
export interface PackedText<T> {
  readonly text: string;
  /** Whether it has numbers that JSON cannot write, which makes it slower to read. */
  readonly hasOddNumbers: boolean;
  /** Never there: says of which type the text is. */
  readonly of?: T;
}

/** NaN, the infinities and −0 stand as objects with their name alone. Whatever else has this key holds no text under it. */
const ODD = 'odd number';

const isOdd = (value: unknown): value is number =>
  typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0));

const nameOf = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

function oddNumber(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(ODD in value)) return value;
  return typeof value[ODD] === 'string' ? Number(value[ODD]) : value;
}

/**
 * A text of bytes is read by copying; one arrow in it would make two bytes of each of its characters, and take twenty times as
 * long.
 */
export const inBytes = (text: string): string =>
  text.replace(/[^\0-\xff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Of data without functions, maps or cycles. What is undefined in an object is left out. */
export function packText<T>(value: T): PackedText<T> {
  let hasOddNumbers = false;
  const text = JSON.stringify(value, (_, held: unknown) => {
    if (!isOdd(held)) return held;
    hasOddNumbers = true;
    return { [ODD]: nameOf(held) };
  });
  return { text: inBytes(text), hasOddNumbers };
}

/** A part of its own. */
export function* unpackText<T>({ text, hasOddNumbers }: PackedText<T>): InParts<T> {
  const value: T = JSON.parse(text, hasOddNumbers ? oddNumber : undefined);
  yield;
  return value;
}
