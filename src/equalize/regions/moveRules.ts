import { partBounds } from '../../graph/cut';
import { einsumTerms } from '../../graph/einsum';
import { perAxis } from '../../graph/inferMoves';
import type { OpCall } from '../../graph/op';
import { axisOf } from '../../graph/shape';
import { homogeneous } from './arithmeticRules';
import { BARRIER, type ChannelLink, extent, links, type OriginRule } from './channelOrigin';
import { type ChannelPairs, channelSteps, shiftedPairs, slicedPairs } from './channelPairs';

/* Ops that cut, stack, pad and rearrange: the factors of the channels go where their values go. */

const first = (axis: number, pairs: ChannelPairs): readonly ChannelLink[] => [{ position: 0, axis, pairs }];

/** A part of the channels along the axis that is cut, all of them along the others. */
export const split: OriginRule<OpCall<'split'>> = (call, axis, context) => {
  const [operand] = context.operands;
  const size = extent(operand, axis);
  const count = extent(context.output, axis);
  if (!operand || axisOf(call.attrs.dim, operand.length) !== operand.length + axis)
    return homogeneous(call, axis, context);
  const bounds = size === null ? null : partBounds(call.attrs.cut, call.attrs.part, size);
  return bounds && count === bounds[1] - bounds[0]
    ? links(first(axis, slicedPairs(count, bounds[0], 1)))
    : BARRIER;
};

/** Along the axes that were there all operands have all channels; the new one has none to speak of. */
export const stack: OriginRule<OpCall<'stack'>> = ({ attrs }, axis, { operands, output }) => {
  const made = axisOf(attrs.dim, output.length);
  const at = output.length + axis;
  const channels = extent(output, axis);
  if (made === null || at === made || channels === null) return BARRIER;
  // Counted from the end, axes in front of the new one are one nearer in the operands.
  const from = at < made ? axis + 1 : axis;
  if (operands.some((shape) => extent(shape, from) !== channels)) return BARRIER;
  return links(operands.map((_, position) => ({ position, axis: from, pairs: shiftedPairs(channels) })));
};

/** An axis that is repeated has one channel for all. */
export const expand: OriginRule<OpCall<'expand'>> = (call, axis, context) => {
  const [operand] = context.operands;
  return operand && -axis <= operand.length ? homogeneous(call, axis, context) : BARRIER;
};

/** Output channel i is channel `place(i)` of the operand, for so many of them. */
const picked = (axis: number, channels: number, place: (channel: number) => number) =>
  links(first(axis, () => ({ operand: channelSteps(channels).map(place), output: channelSteps(channels) })));

/** A list says which channels are picked; an index that is computed does not. */
export const indexSelect: OriginRule<OpCall<'index_select'>> = ({ attrs }, axis, context) => {
  const [operand] = context.operands;
  const at = operand ? axisOf(attrs.dim, operand.length) : null;
  if (!operand || at === null || !attrs.index) return BARRIER;
  const size = extent(operand, axis);
  if (operand.length + axis !== at) return size === null ? BARRIER : links(first(axis, shiftedPairs(size)));
  const places = size === null ? [] : attrs.index.map((place) => (place < 0 ? place + size : place));
  return places.length > 0 ? picked(axis, places.length, (i) => places[i] ?? 0) : BARRIER;
};

/** Channels that come from `place` of an axis of a known length. */
const rearranged = (
  axis: number,
  size: number | null,
  moves: boolean,
  place: (channel: number, size: number) => number,
) => {
  if (size === null) return BARRIER;
  return picked(axis, size, (i) => (moves ? place(i, size) : i));
};

export const flip: OriginRule<OpCall<'flip'>> = ({ attrs }, axis, { operands: [operand] }) => {
  if (!operand) return BARRIER;
  const turned = attrs.dims.some((dim) => axisOf(dim, operand.length) === operand.length + axis);
  return rearranged(axis, extent(operand, axis), turned, (i, size) => size - 1 - i);
};

export const roll: OriginRule<OpCall<'roll'>> = ({ attrs }, axis, { operands: [operand] }) => {
  if (!operand || attrs.dims.length === 0) return BARRIER;
  const shift = attrs.dims.reduce(
    (sum, dim, i) =>
      axisOf(dim, operand.length) === operand.length + axis ? sum + (attrs.shifts[i] ?? 0) : sum,
    0,
  );
  return rearranged(axis, extent(operand, axis), true, (i, size) => (((i - shift) % size) + size) % size);
};

/** Zeros, or values of the same channel, around it; other constants would have to take a factor. */
export const pad: OriginRule<OpCall<'pad'>> = (call, axis, context) => {
  const { pads, mode, value } = call.attrs;
  const at = -2 * axis - 2;
  if (mode === 'constant' && value !== 0) return BARRIER;
  return pads.slice(at, at + 2).every((side) => side === 0) ? homogeneous(call, axis, context) : BARRIER;
};

/** A channel of the output is made of `r²` in a row. */
export const pixelShuffle: OriginRule<OpCall<'pixel_shuffle'>> = (
  { attrs },
  axis,
  { operands: [operand] },
) => {
  const channels = extent(operand, axis);
  if (axis > -3 || channels === null) return BARRIER;
  if (axis < -3) return links(first(axis, shiftedPairs(channels)));
  const { factor } = attrs;
  const output = () => channelSteps(channels).map((i) => Math.floor(i / factor ** 2));
  return links(first(axis, () => ({ operand: channelSteps(channels), output: output() })));
};

/** `r²` channels in a row come from one. */
export const pixelUnshuffle: OriginRule<OpCall<'pixel_unshuffle'>> = (
  { attrs },
  axis,
  { operands: [operand] },
) => {
  const channels = extent(operand, axis);
  if (axis > -3 || channels === null) return BARRIER;
  if (axis < -3) return links(first(axis, shiftedPairs(channels)));
  const { factor } = attrs;
  const output = () => channelSteps(channels * factor ** 2);
  return links(
    first(axis, () => ({ operand: output().map((i) => Math.floor(i / factor ** 2)), output: output() })),
  );
};

/** Sums of values of one channel, unless the axis itself changes its size. */
export const interpolate: OriginRule<OpCall<'interpolate'>> = (call, axis, context) => {
  const rank = context.output.length;
  const resized = perAxis(call.attrs.size ?? call.attrs.scale ?? [], rank).length;
  return -axis > resized ? homogeneous(call, axis, context) : BARRIER;
};

/** As in a matrix product: a letter of one operand alone carries that operand's factors. */
export const einsum: OriginRule<OpCall<'einsum'>> = ({ attrs }, axis, { operands, output }) => {
  if (!operands.every((shape) => shape !== null)) return BARRIER;
  const terms = einsumTerms(
    attrs.equation,
    operands.map((shape) => shape?.length ?? 0),
  );
  const letter = terms.output[output.length + axis] ?? '';
  const places = terms.inputs.flatMap((letters, position) =>
    letters.flatMap((other, at) => (other === letter ? [{ position, axis: at - letters.length }] : [])),
  );
  const [place, ...others] = places;
  const channels = extent(output, axis);
  if (!place || others.length > 0 || channels === null) return BARRIER;
  if (extent(operands[place.position], place.axis) !== channels) return BARRIER;
  return links([{ ...place, pairs: shiftedPairs(channels) }]);
};

/** A positive factor keeps the order of one channel's values. */
export const topk: OriginRule<OpCall<'topk'>> = (call, axis, context) => {
  const { dim, output } = call.attrs;
  const along = axisOf(dim, context.output.length) === context.output.length + axis;
  return output === 'values' && !along ? homogeneous(call, axis, context) : BARRIER;
};
