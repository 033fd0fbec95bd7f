import fc from 'fast-check';
import { type TreeMutation, treeMutation, withTree } from './jsonTree';

/** Numbers at which readers trip: ends of integer types, what no longer fits a double, sizes beyond any memory. */
const EDGES = [
  0n,
  1n,
  2n,
  7n,
  8n,
  127n,
  128n,
  255n,
  256n,
  32767n,
  32768n,
  65535n,
  65536n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
] as const;
/** Words in place of other words: sizes, signs, keys of prototypes, markup, nothing. */
const WORDS = [
  '-1',
  '0',
  '1e9',
  '1000000000',
  '9007199254740993',
  '1e400',
  'null',
  '[]',
  '{}',
  '"__proto__"',
  '"constructor"',
  '"hasOwnProperty"',
  '"<img src=x onerror=alert(1)>"',
  '""',
  '"float32"',
  '[1000000000,1000000000]',
] as const;

export type Mutation =
  | { readonly kind: 'byte'; readonly at: number; readonly value: number }
  | { readonly kind: 'number'; readonly at: number; readonly edge: number; readonly width: 1 | 2 | 4 | 8 }
  | { readonly kind: 'word'; readonly at: number; readonly word: number }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number }
  | { readonly kind: 'move'; readonly at: number; readonly from: number; readonly length: number }
  | TreeMutation;

/** A place in a file of any size: its end and beginning are as likely as each other. */
const place = fc.nat(2 ** 30);
const length = fc.oneof(fc.nat(8), fc.nat(400));

/** Changes of a file, to be applied one after the other; places count modulo the size. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('byte' as const), at: place, value: fc.nat(255) }),
    fc.record({
      kind: fc.constant('number' as const),
      at: place,
      edge: fc.nat(EDGES.length - 1),
      width: fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const),
    }),
    fc.record({ kind: fc.constant('word' as const), at: place, word: fc.nat(WORDS.length - 1) }),
    fc.record({ kind: fc.constant('cut' as const), at: place, length }),
    fc.record({ kind: fc.constant('repeat' as const), at: place, length }),
    fc.record({ kind: fc.constant('move' as const), at: place, from: place, length }),
    { weight: 2, arbitrary: treeMutation(WORDS) },
  ),
  { minLength: 1, maxLength: 4 },
);

const joined = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

function withNumber(bytes: Uint8Array, at: number, value: bigint, width: number): Uint8Array {
  const changed = bytes.slice();
  for (let i = 0; i < width && at + i < changed.length; i++)
    changed[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return changed;
}

const latin1 = new TextDecoder('latin1');

/** Puts a word in the place of the number or string that stands at or behind a place, where there is one near. */
function withWord(bytes: Uint8Array, at: number, word: string): Uint8Array {
  const text = latin1.decode(bytes.subarray(at, at + 400));
  const found = /"[^"\n]{0,80}"|-?\d+(\.\d+)?/.exec(text);
  if (!found) return bytes;
  const start = at + found.index;
  return joined(
    bytes.subarray(0, start),
    new TextEncoder().encode(word),
    bytes.subarray(start + found[0].length),
  );
}

function changed(bytes: Uint8Array, mutation: Mutation): Uint8Array {
  const at = mutation.at % Math.max(1, bytes.length);
  switch (mutation.kind) {
    case 'byte':
      return withNumber(bytes, at, BigInt(mutation.value), 1);
    case 'number':
      return withNumber(bytes, at, EDGES[mutation.edge] ?? 0n, mutation.width);
    case 'word':
      return withWord(bytes, at, WORDS[mutation.word] ?? '');
    case 'cut':
      return joined(bytes.subarray(0, at), bytes.subarray(at + mutation.length));
    case 'repeat':
      return joined(bytes.subarray(0, at + mutation.length), bytes.subarray(at));
    case 'move': {
      const from = mutation.from % Math.max(1, bytes.length);
      return joined(bytes.subarray(0, at), bytes.subarray(from, from + mutation.length), bytes.subarray(at));
    }
    case 'tree':
      return withTree(bytes, mutation);
    default:
      return mutation satisfies never;
  }
}

export const mutated = (bytes: Uint8Array, changes: readonly Mutation[]): Uint8Array =>
  changes.reduce(changed, bytes);
