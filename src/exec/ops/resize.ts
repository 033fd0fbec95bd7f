import * as tf from '@tensorflow/tfjs-core';
import { perAxis } from '../../graph/inferMoves';
import type { Resampling } from '../../graph/op';
import { takeAlong } from './alongAxis';
import { type ExecRule, floatAt } from './execRule';
import { plainNumber } from './numericCall';

/** For each new place the old places that it is made of, with their weights; as many for all. */
interface Taps {
  readonly places: readonly Int32Array[];
  readonly weights: readonly Float32Array[];
}

/** Axis by axis: linear and cubic interpolation are products of one for each. */
export const interpolate: ExecRule<'interpolate'> = (inputs, { attrs }) => {
  const x = floatAt(inputs, 0);
  const sizes = attrs.size && perAxis(attrs.size.map(plainNumber), x.rank);
  const scales = attrs.scale && perAxis(attrs.scale, x.rank);
  const count = (sizes ?? scales ?? []).length;
  if (count > x.rank) throw new Error(`it has ${count} sizes for an input of ${x.rank} axes`);
  let resized = tf.clone(x);
  for (let i = 0; i < count; i++) {
    const axis = x.rank - count + i;
    const size = x.shape[axis] ?? 0;
    const given = attrs.recompute ? null : (scales?.[i] ?? null);
    const made = sizes?.[i] ?? Math.floor(size * (scales?.[i] ?? 1));
    if (made === size && (given === null || given === 1)) continue;
    resized = combine(resized, axis, axisTaps(attrs, size, made, given ?? made / size));
  }
  return resized;
};

function combine(x: tf.Tensor, axis: number, { places, weights }: Taps): tf.Tensor {
  const [only] = places;
  if (only && places.length === 1) return takeAlong(x, axis, only);
  const behind = new Array<number>(x.rank - axis - 1).fill(1);
  const terms = places.map((place, tap) => {
    const weight = tf.tensor(weights[tap] ?? [], [place.length, ...behind]);
    return tf.mul(takeAlong(x, axis, place), weight);
  });
  return terms.reduce((sum, term) => tf.add(sum, term));
}

function axisTaps(attrs: Resampling, size: number, made: number, scale: number): Taps {
  const origins = Array.from({ length: made }, (_, i) => origin(attrs, i, size, made, scale));
  const inside = (place: number) => Math.min(size - 1, Math.max(0, place));
  switch (attrs.mode) {
    case 'nearest':
      return { places: [Int32Array.from(origins, (at) => inside(rounded(at, attrs.rounding)))], weights: [] };
    case 'linear': {
      const within = origins.map((at) => Math.min(size - 1, Math.max(0, at)));
      const share = Float32Array.from(within, (at) => at - Math.floor(at));
      return {
        places: [0, 1].map((tap) => Int32Array.from(within, (at) => inside(Math.floor(at) + tap))),
        weights: [share.map((behind) => 1 - behind), share],
      };
    }
    case 'cubic':
      return cubicTaps(attrs, origins, size);
    default:
      return attrs.mode satisfies never;
  }
}

/** Old coordinate of a new place (ONNX, operator Resize). */
function origin(
  { coordinates, mode }: Resampling,
  i: number,
  size: number,
  made: number,
  scale: number,
): number {
  // PyTorch multiplies by a float32 quotient, which says where nearest falls on a whole number.
  if (coordinates === 'asymmetric')
    return mode === 'nearest' ? Math.fround(i * Math.fround(1 / scale)) : i / scale;
  if (coordinates === 'align_corners') return made === 1 ? 0 : (i * (size - 1)) / (made - 1);
  if (coordinates === 'pytorch_half_pixel' && made <= 1) return 0;
  // In float32, as ONNX Runtime computes it: that says on which side of a whole number nearest rounds.
  const at = Math.fround((i + 0.5) / Math.fround(scale));
  return coordinates === 'tf_half_pixel_for_nn' ? at : Math.fround(at - 0.5);
}

function rounded(at: number, rounding: Resampling['rounding']): number {
  switch (rounding) {
    case 'floor':
      return Math.floor(at);
    case 'ceil':
      return Math.ceil(at);
    case 'round_prefer_floor':
      return Math.ceil(at - 0.5);
    case 'round_prefer_ceil':
      return Math.floor(at + 0.5);
    default:
      return rounding satisfies never;
  }
}

/** Keys' cubic convolution: four places, outside ones taken from the edge, or left out. */
function cubicTaps(
  { cubicCoefficient: a, excludeOutside }: Resampling,
  origins: readonly number[],
  size: number,
): Taps {
  const near = (d: number) => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number) => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  const places = [-1, 0, 1, 2].map((tap) => origins.map((at) => Math.floor(at) + tap));
  const raw = [-1, 0, 1, 2].map((tap) =>
    origins.map((at) => {
      const distance = Math.abs(Math.floor(at) + tap - at);
      return distance <= 1 ? near(distance) : far(distance);
    }),
  );
  const isOutside = (place: number) => place < 0 || place >= size;
  const kept = raw.map((line, tap) =>
    line.map((weight, i) => (excludeOutside && isOutside(places[tap]?.[i] ?? 0) ? 0 : weight)),
  );
  const sums = origins.map((_, i) => kept.reduce((sum, line) => sum + (line[i] ?? 0), 0));
  return {
    places: places.map((line) => Int32Array.from(line, (place) => Math.min(size - 1, Math.max(0, place)))),
    weights: kept.map((line) =>
      Float32Array.from(line, (weight, i) => weight / (excludeOutside ? (sums[i] ?? 1) : 1)),
    ),
  };
}
