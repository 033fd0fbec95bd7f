import type { OpCall } from '../../graph/op';
import { axisOf } from '../../graph/shape';
import { addition, homogeneous } from './arithmeticRules';
import { mean } from './axisRules';
import { BARRIER, type OriginRule } from './channelOrigin';

/* Which of the functions element by element, and of the reductions, pass a positive factor on. */

/** `|s · x| = s · |x|`, `−(s · x) = s · (−x)`; all others bend. */
export const unary: OriginRule<OpCall<'unary'>> = (call, axis, context) =>
  call.attrs.fn === 'abs' || call.attrs.fn === 'neg' ? homogeneous(call, axis, context) : BARRIER;

/** `max(s · x, s · y) = s · max(x, y)`: both must have every channel, as in a sum. */
export const extremum: OriginRule<OpCall<'binary'>> = ({ attrs: { fn }, operands }, axis, context) =>
  fn === 'maximum' || fn === 'minimum'
    ? addition({ op: 'add', operands, attrs: {} }, axis, context)
    : BARRIER;

/** A sum, or the largest or smallest value, over other axes than the channels', as a mean. */
export const reduce: OriginRule<OpCall<'reduce'>> = ({ attrs, operands }, axis, context) => {
  const { fn, dims, keepDim } = attrs;
  if (fn !== 'sum' && fn !== 'amax' && fn !== 'amin') return BARRIER;
  return mean({ op: 'mean', operands, attrs: { dims, keepDim } }, axis, context);
};

/** Sums along another axis than the channels'. */
export const cumsum: OriginRule<OpCall<'cumsum'>> = (call, axis, context) => {
  const rank = context.output.length;
  return axisOf(call.attrs.dim, rank) === rank + axis ? BARRIER : homogeneous(call, axis, context);
};
