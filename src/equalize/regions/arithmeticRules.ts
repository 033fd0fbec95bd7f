import type { ParamName } from '../../graph/ids';
import type { OpCall } from '../../graph/op';
import type { Tensor } from '../../graph/tensor';
import {
  BARRIER,
  type ChannelLink,
  type ChannelOrigin,
  extent,
  links,
  type OriginContext,
  type OriginRule,
  type ScaledParam,
} from './channelOrigin';
import { shiftedPairs } from './channelPairs';

/** An op of one operand with `op(s · x) = s · op(x)` for every positive factor of a channel. */
export const homogeneous: OriginRule = (_, axis, { operands: [operand], output }) => {
  const channels = extent(output, axis);
  return channels !== null && extent(operand, axis) === channels
    ? links([{ position: 0, axis, pairs: shiftedPairs(channels) }])
    : BARRIER;
};

/** A window over the last `dims` axes mixes places of one channel, not channels. */
export const pool: OriginRule<OpCall<'max_pool' | 'avg_pool' | 'adaptive_avg_pool' | 'adaptive_max_pool'>> = (
  call,
  axis,
  context,
) => (-axis > call.attrs.dims ? homogeneous(call, axis, context) : BARRIER);

/** The operands by what they have along the axis: all of the output's channels, one for all, or neither is known. */
function reaches(axis: number, { operands, output }: OriginContext): readonly ('all' | 'one' | null)[] {
  const channels = extent(output, axis);
  return operands.map((shape) => {
    const size = extent(shape, axis);
    return size === null || channels === null ? null : size === channels ? 'all' : size === 1 ? 'one' : null;
  });
}

const link = (position: number, axis: number, { output }: OriginContext): ChannelLink => ({
  position,
  axis,
  pairs: shiftedPairs(extent(output, axis) ?? 0),
});

/** The axis of a constant that an axis of the output falls on, when it is broadcast. */
const paramAxis = (tensor: Tensor | undefined, axis: number): number => (tensor?.shape.length ?? 0) + axis;

const scaledParam = (param: ParamName, axis: number, { model }: OriginContext): ScaledParam => ({
  param,
  axis: paramAxis(model.params[param], axis),
});

/** `s · (x ± y) = s · x ± s · y`: both must have every channel; a constant takes the factors itself. */
export const addition: OriginRule<OpCall<'add' | 'sub'>> = (call, axis, context) => {
  if (reaches(axis, context).some((reach) => reach !== 'all')) return BARRIER;
  const constants = call.operands.map(context.constantOf);
  return links(
    constants.flatMap((param, position) => (param === null ? [link(position, axis, context)] : [])),
    constants.flatMap((param) => (param === null ? [] : [scaledParam(param, axis, context)])),
  );
};

/**
 * A product with a constant per channel ends there: the constant takes the factors (as the weight of a decomposed
 * LayerNorm does). One with a number, or with a value that is the same for all channels, passes them on. A product
 * of two values with channels does not: which of them should carry the factor is not for this op to say.
 */
export const product: OriginRule<OpCall<'mul'>> = (call, axis, context): ChannelOrigin => {
  const reach = reaches(axis, context);
  if (reach.some((r) => r === null)) return BARRIER;
  const full = reach.flatMap((r, position) => (r === 'all' ? [position] : []));
  const constants = full.flatMap((position) => context.constantOf(call.operands[position]) ?? []);
  const [constant] = constants;
  if (constant !== undefined)
    return constants.length === 1
      ? { kind: 'producer', params: [scaledParam(constant, axis, context)] }
      : BARRIER;
  const [position, ...others] = full;
  return position === undefined || others.length > 0 ? BARRIER : links([link(position, axis, context)]);
};

/** `s · (x / y) = (s · x) / y`, where y is a constant or the same for all channels. */
export const quotient: OriginRule<OpCall<'div'>> = (call, axis, context) => {
  const [above, below] = reaches(axis, context);
  const constant = context.constantOf(call.operands[1]) !== null;
  return above === 'all' && (below === 'one' || (below === 'all' && constant))
    ? links([link(0, axis, context)])
    : BARRIER;
};

/** The columns of a product are the right operand's, its rows the left one's. */
export const matmul: OriginRule<OpCall<'matmul'>> = (_, axis, context) => {
  const position = axis === -1 ? 1 : axis === -2 ? 0 : null;
  if (position === null || extent(context.operands[position], axis) !== extent(context.output, axis))
    return BARRIER;
  return extent(context.output, axis) === null ? BARRIER : links([link(position, axis, context)]);
};
