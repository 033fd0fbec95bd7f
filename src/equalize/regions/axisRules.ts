import type { OpCall } from '../../graph/op';
import { axisOf, type Dim } from '../../graph/shape';
import type { Extent } from '../../graph/sizes';
import { BARRIER, type ChannelLink, extent, links, type OriginRule } from './channelOrigin';
import { reshapedPairs, shiftedPairs, slicedPairs } from './channelPairs';

/* Ops that move, drop or join axes: the factors move with them. */

/** One link from the first operand's axis `from` (from the start) with the channels of the output's axis. */
function moved(operand: readonly Dim[], from: number | null | undefined): readonly ChannelLink[] {
  const channels = from === null || from === undefined ? null : operand[from];
  if (from === null || from === undefined || typeof channels !== 'number') return [];
  return [{ position: 0, axis: from - operand.length, pairs: shiftedPairs(channels) }];
}

/** The axes of the operand that the output has, in the output's order; null for a new one. */
const reordered =
  <C extends OpCall>(kept: (call: C, rank: number) => readonly (number | null)[] | null): OriginRule<C> =>
  (call, axis, { operands: [operand], output }) => {
    const order = operand ? kept(call, operand.length) : null;
    return operand && order?.length === output.length
      ? links(moved(operand, order[output.length + axis]))
      : BARRIER;
  };

const allAxes = (rank: number): readonly number[] => Array.from({ length: rank }, (_, axis) => axis);

export const permute = reordered<OpCall<'permute'>>(({ attrs }, rank) =>
  attrs.order.map((axis) => axisOf(axis, rank)),
);

export const transpose = reordered<OpCall<'transpose'>>(({ attrs }, rank) => {
  const [a, b] = [axisOf(attrs.dim0, rank), axisOf(attrs.dim1, rank)];
  return allAxes(rank).map((axis) => (axis === a ? b : axis === b ? a : axis));
});

export const unsqueeze = reordered<OpCall<'unsqueeze'>>(({ attrs }, rank) => {
  const at = axisOf(attrs.dim, rank + 1);
  const axes = allAxes(rank);
  return at === null ? null : [...axes.slice(0, at), null, ...axes.slice(at)];
});

/** Axes of length 1 carry no channels to speak of: where they go, the others stay in order. */
export const squeeze: OriginRule<OpCall<'squeeze'>> = (call, axis, context) => {
  const [operand] = context.operands;
  if (!operand) return BARRIER;
  const { dims } = call.attrs;
  const gone = dims === null ? allAxes(operand.length) : dims.map((dim) => axisOf(dim, operand.length));
  const kept = allAxes(operand.length).filter((at) => operand[at] !== 1 || !gone.includes(at));
  return kept.length === context.output.length
    ? links(moved(operand, kept[context.output.length + axis]))
    : BARRIER;
};

/** A mean over other axes is linear in each channel. */
export const mean: OriginRule<OpCall<'mean'>> = ({ attrs }, axis, { operands: [operand], output }) => {
  if (!operand || attrs.dims === null) return BARRIER;
  const gone = attrs.dims.map((dim) => axisOf(dim, operand.length));
  const kept: readonly (number | null)[] = attrs.keepDim
    ? allAxes(operand.length).map((at) => (gone.includes(at) ? null : at))
    : allAxes(operand.length).filter((at) => !gone.includes(at));
  return links(moved(operand, kept[output.length + axis]));
};

/** Any of the operand's axes that follow from the output's one, or it from them; the one with the most channels first. */
export const reshape: OriginRule<OpCall<'reshape' | 'flatten'>> = (
  _,
  axis,
  { operands: [operand], output },
) => {
  if (!operand) return BARRIER;
  const found = operand.flatMap((_, at): readonly ChannelLink[] => {
    const pairs = reshapedPairs(operand, at - operand.length, output, axis);
    return pairs ? [{ position: 0, axis: at - operand.length, pairs }] : [];
  });
  const channels = ({ axis: at }: ChannelLink) => extent(operand, at) ?? 0;
  const choices = found.filter((link) => channels(link) > 1).sort((a, b) => channels(b) - channels(a));
  return choices.length > 0 ? { kind: 'choice', choices } : BARRIER;
};

/** Along the joined axis each operand has its part of the channels; along the others all have all. */
export const cat: OriginRule<OpCall<'cat'>> = ({ attrs }, axis, { operands, output }) => {
  const joined = axisOf(attrs.dim, output.length);
  const sizes = operands.map((shape) => extent(shape, axis));
  if (joined === null || sizes.some((size) => size === null)) return BARRIER;
  let offset = 0;
  return links(
    sizes.map((size, position): ChannelLink => {
      const pairs = shiftedPairs(size ?? 0, offset);
      if (joined === output.length + axis) offset += size ?? 0;
      return { position, axis, pairs };
    }),
  );
};

/** `x[:, 2:5]` picks channels; an axis that is taken at one place is gone, a new one has no channels. */
export const getitem: OriginRule<OpCall<'getitem'>> = ({ attrs }, axis, { operands: [operand], output }) => {
  if (!operand) return BARRIER;
  const named = attrs.index.filter(({ kind }) => kind === 'at' || kind === 'slice').length;
  const origins: (readonly ChannelLink[])[] = [];
  let at = 0;
  for (const part of attrs.index) {
    if (part.kind === 'new') origins.push([]);
    else if (part.kind === 'at') at++;
    else if (part.kind === 'rest')
      for (const end = at + operand.length - named; at < end; at++) origins.push(moved(operand, at));
    else origins.push(sliced(operand, at++, output[origins.length], part.start ?? 0, part.step));
  }
  for (; at < operand.length; at++) origins.push(moved(operand, at));
  return origins.length === output.length ? links(origins[output.length + axis] ?? []) : BARRIER;
};

function sliced(
  operand: readonly Dim[],
  at: number,
  picked: Dim | undefined,
  start: Extent,
  step: number,
): readonly ChannelLink[] {
  const length = operand[at];
  if (typeof length !== 'number' || typeof picked !== 'number' || typeof start !== 'number') return [];
  const first = Math.min(length, start < 0 ? Math.max(0, start + length) : start);
  return [{ position: 0, axis: at - operand.length, pairs: slicedPairs(picked, first, step) }];
}
