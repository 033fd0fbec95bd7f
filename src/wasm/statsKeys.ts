import type { FunctionBody, Local } from './assembler';

/*
 * Four float32 values at a time as keys: integers of the same order, as src/webgpu/channelStats/orderedKey.ts has them.
 */

/** Of all NaN and infinities, and the keys of the infinities. */
const EXPONENT_BITS = 0x7f800000;
const KEY_OF_INFINITY = EXPONENT_BITS;
const KEY_OF_MINUS_INFINITY = ~EXPONENT_BITS;
const ALL_BUT_SIGN = 0x7fffffff;

/** Counts of values that are not finite stop here instead of wrapping round. */
export const MAX_COUNT = 2 ** 31 - 1;

/** Leaves a vector of four equal integers on the stack. */
export const splat = (f: FunctionBody, value: number): FunctionBody => f.integer(value).op('i32x4.splat');

export interface KeyReader {
  /** Takes the four values that `load` leaves on the stack. */
  read(load: () => void): void;
  /** Where they are NaN or infinite: −1, else 0. */
  readonly isBad: Local;
  /** Leave their keys on the stack; what is not finite is +∞, or −∞, and changes no minimum, or maximum. */
  pushForLeast(): FunctionBody;
  pushForGreatest(): FunctionBody;
}

export function keyReader(f: FunctionBody): KeyReader {
  const [bits, key, isBad] = [f.local('v128'), f.local('v128'), f.local('v128')];
  const push = (instead: number) => splat(f, instead).get(key).get(isBad).op('v128.bitselect');
  return {
    isBad,
    read: (load) => {
      load();
      f.tee(bits);
      splat(f, EXPONENT_BITS).op('v128.and');
      splat(f, EXPONENT_BITS).op('i32x4.eq').set(isBad);
      f.get(bits).integer(31).op('i32x4.shr_s');
      splat(f, ALL_BUT_SIGN).op('v128.and').get(bits).op('v128.xor').set(key);
    },
    pushForLeast: () => push(KEY_OF_INFINITY),
    pushForGreatest: () => push(KEY_OF_MINUS_INFINITY),
  };
}
