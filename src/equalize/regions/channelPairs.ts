import type { Dim } from '../../graph/shape';

/**
 * Which channels of an op's operand and of its output must carry the same factor: `operand[i]` and `output[i]`, for
 * every i. Where an axis is split or merged, one channel stands in several pairs.
 */
export interface PairedChannels {
  readonly operand: Int32Array;
  readonly output: Int32Array;
}

/**
 * Makes the pairs when they are wanted: rules are asked of every axis, and an axis that carries no channels, such as a picture's
 * width, may be long. `ChannelSpace` refuses a site of too many channels before anybody asks for its pairs.
 */
export type ChannelPairs = () => PairedChannels;

/** `start + i · step`, for so many i. A plain loop: `from` with a mapping function takes ten times as long. */
export function channelSteps(channels: number, start = 0, step = 1): Int32Array {
  const steps = new Int32Array(channels);
  for (let i = 0; i < channels; i++) steps[i] = start + i * step;
  return steps;
}

/** Channel i is channel `i + offset` of the output: 0 for an op that keeps them, more for a part of a `cat`. */
export const shiftedPairs =
  (channels: number, offset = 0): ChannelPairs =>
  () => ({
    operand: channelSteps(channels),
    output: channelSteps(channels, offset),
  });

/** Output channel i is channel `start + i · step` of the operand. */
export const slicedPairs =
  (channels: number, start: number, step: number): ChannelPairs =>
  () => ({
    operand: channelSteps(channels, start, step),
    output: channelSteps(channels),
  });

/** An axis of a shape: its length, and how many elements one step along it skips. */
interface Strided {
  readonly length: number;
  readonly stride: number;
}

/** Null where a length from the axis on is not known. `axis` counts from the end. */
function stridedAxis(shape: readonly Dim[], axis: number): Strided | null {
  const [length, ...inner] = shape.slice(shape.length + axis);
  if (typeof length !== 'number' || shape.length + axis < 0) return null;
  let stride = 1;
  for (const dim of inner) {
    if (typeof dim !== 'number') return null;
    stride *= dim;
  }
  return { length, stride };
}

/** Whether the position along `fine` says the position along `coarse`: all steps of `coarse` lie inside `fine`. */
const refines = (fine: Strided, coarse: Strided): boolean =>
  coarse.stride % fine.stride === 0 && (fine.stride * fine.length) % (coarse.stride * coarse.length) === 0;

/** For each step along `fine`, the step along `coarse` that the same element has. */
const coarseSteps = (fine: Strided, coarse: Strided): Int32Array =>
  channelSteps(fine.length).map((i) => Math.floor((i * fine.stride) / coarse.stride) % coarse.length);

/**
 * The channels of two axes of a reshape's operand and output that hold the same elements, row by row: `[n, C, H, W]`
 * to `[n, C·H·W]` gives each of the C channels a block of H·W. Null where neither axis follows from the other, or a
 * length is not known. Axes count from the end.
 */
export function reshapedPairs(
  operand: readonly Dim[],
  operandAxis: number,
  output: readonly Dim[],
  outputAxis: number,
): ChannelPairs | null {
  const before = stridedAxis(operand, operandAxis);
  const after = stridedAxis(output, outputAxis);
  if (!before || !after) return null;
  const steps = ({ length }: Strided) => channelSteps(length);
  if (refines(after, before)) return () => ({ operand: coarseSteps(after, before), output: steps(after) });
  if (refines(before, after)) return () => ({ operand: steps(before), output: coarseSteps(before, after) });
  return null;
}
