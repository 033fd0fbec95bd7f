import * as tf from '@tensorflow/tfjs-core';
import type { PadMode } from '../../graph/op';
import { around, asNumbers, takeAlong } from './alongAxis';
import { sliceAxis } from './axes';
import { type ExecRule, tensorAt } from './execRule';
import { plainNumber } from './numericCall';

/** Axis by axis, the last one first; a negative number takes elements away. */
export const pad: ExecRule<'pad'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const pads = attrs.pads.map(plainNumber);
  if (pads.length > 2 * x.rank) throw new Error(`it has ${pads.length} pads for an input of ${x.rank} axes`);
  let padded = tf.clone(x);
  for (let i = 0; i < pads.length; i += 2) {
    const [before = 0, behind = 0] = pads.slice(i, i + 2);
    const axis = x.rank - 1 - i / 2;
    if (before !== 0 || behind !== 0)
      padded = padAxis(padded, axis, [before, behind], attrs.mode, attrs.value);
  }
  return padded;
};

function padAxis(
  x: tf.Tensor,
  axis: number,
  [before, behind]: readonly [number, number],
  mode: PadMode,
  value: number,
): tf.Tensor {
  const size = x.shape[axis] ?? 0;
  if (size + before + behind < 0) throw new Error(`its pads take more from axis ${axis} than its ${size}`);
  if (mode === 'constant') return constantPad(x, axis, [before, behind], value);
  const places = Int32Array.from({ length: size + before + behind }, (_, i) =>
    sourceOf(i - before, size, mode),
  );
  const outside = places.find((place) => place < 0 || place >= size);
  if (outside !== undefined)
    throw new Error(`its pads of ${before} and ${behind} are too wide for '${mode}' over ${size} elements`);
  return takeAlong(x, axis, places);
}

/** Where a place outside takes its value from. */
function sourceOf(place: number, size: number, mode: Exclude<PadMode, 'constant'>): number {
  switch (mode) {
    case 'reflect':
      return place < 0 ? -place : place >= size ? 2 * (size - 1) - place : place;
    case 'replicate':
      return Math.min(size - 1, Math.max(0, place));
    case 'circular':
      return place < 0 ? place + size : place >= size ? place - size : place;
    default:
      return mode satisfies never;
  }
}

function constantPad(
  x: tf.Tensor,
  axis: number,
  [before, behind]: readonly [number, number],
  value: number,
): tf.Tensor {
  const from = Math.max(0, -before);
  const count = Math.max(0, (x.shape[axis] ?? 0) - from - Math.max(0, -behind));
  const kept = from > 0 || behind < 0 ? sliceAxis(x, axis, from, count, 1) : tf.clone(x);
  const added: [number, number] = [Math.max(0, before), Math.max(0, behind)];
  const shape = kept.shape.with(axis, count + added[0] + added[1]);
  if (shape.includes(0)) return tf.zeros(shape, x.dtype);
  if (kept.size === 0) return tf.fill(shape, value, x.dtype);
  return asNumbers(kept, (numbers) => {
    const flat = tf.reshape(numbers, [...around(kept, axis)]);
    return tf.reshape(tf.pad(flat, [[0, 0], added, [0, 0]], value), shape);
  });
}
