import { describe, expect, it } from 'vitest';
import { floatTensor } from '../../graph/tensor';
import { calculateQParams } from '../qparams';
import {
  fullRange,
  isSymmetric,
  type PerChannelScheme,
  type PerTensorScheme,
  quantizationSpec,
} from '../spec';
import { emptyMinMax, minMax, observeMinMax } from './minMax';
import { emptyMovingAverage, movingAverage, observeMovingAverage } from './movingAverageMinMax';
import {
  emptyMovingAveragePerChannel,
  movingAveragePerChannel,
  observeMovingAveragePerChannel,
} from './movingAveragePerChannel';
import { emptyPerChannelMinMax, observePerChannelMinMax, perChannelMinMax } from './perChannelMinMax';
import { EMPTY_RANGE, type TensorRange } from './tensorRange';
import { type GoldenRanged, type GoldenSpec, goldenObservers } from './testObservers';

function specOf<S extends PerTensorScheme | PerChannelScheme>(golden: GoldenSpec, qscheme: S) {
  const { dtype, reduceRange, quantRange } = golden;
  return quantizationSpec({ dtype, qscheme, reduceRange, ...(quantRange && { quantRange }) });
}
const tensorSpec = (golden: GoldenSpec) =>
  specOf(golden, isSymmetric(golden.qscheme) ? 'torch.per_tensor_symmetric' : 'torch.per_tensor_affine');
const channelSpec = (golden: GoldenSpec) =>
  specOf(golden, isSymmetric(golden.qscheme) ? 'torch.per_channel_symmetric' : 'torch.per_channel_affine');

const title = ({ observer, spec }: GoldenRanged): string =>
  `${observer} ${spec.dtype} ${spec.qscheme} ${spec.reduceRange ? 'reduced ' : ''}${spec.quantRange ?? ''}`;

const rangeOf = (values: Float32Array): TensorRange =>
  values.reduce(
    ({ min, max }, value) => ({ min: Math.min(min, value), max: Math.max(max, value) }),
    EMPTY_RANGE,
  );

/** The ranges after each batch. */
function observeAll({ observer, spec, averaging, batches }: GoldenRanged): readonly TensorRange[] {
  if (observer === 'MinMaxObserver') {
    let state = emptyMinMax(minMax(tensorSpec(spec)));
    return batches.map((batch) => (state = observeMinMax(state, rangeOf(batch))));
  }
  let state = emptyMovingAverage(movingAverage(tensorSpec(spec), averaging ?? undefined));
  return batches.map((batch) => (state = observeMovingAverage(state, rangeOf(batch))));
}

describe('per tensor', () => {
  it.each(goldenObservers.range.map((golden) => [title(golden), golden] as const))('%s', (_, golden) => {
    const spec = tensorSpec(golden.spec);
    observeAll(golden).forEach(({ min, max }, i) => {
      const { scale, zeroPoint } = calculateQParams(min, max, spec);
      const actual = { min: [min], max: [max], scale: [scale], zeroPoint: [zeroPoint] };
      expect(actual, `batch ${i}`).toEqual(float32(golden.states[i]));
    });
  });
});

describe('per channel', () => {
  it.each(goldenObservers.channel.map((golden) => [title(golden), golden] as const))('%s', (_, golden) => {
    const spec = channelSpec(golden.spec);
    const average = golden.averaging ?? undefined;
    let plain = emptyPerChannelMinMax(perChannelMinMax(spec));
    let moving = emptyMovingAveragePerChannel(movingAveragePerChannel(spec, 0, average));
    golden.batches.forEach((batch, i) => {
      const tensor = floatTensor([3, 4], batch);
      plain = observePerChannelMinMax(plain, tensor);
      moving = observeMovingAveragePerChannel(moving, tensor);
      const { ranges } = golden.averaging === null ? plain : moving;
      const [min, max] = [Array.from(ranges?.min ?? []), Array.from(ranges?.max ?? [])];
      const qparams = min.map((low, c) => calculateQParams(low, max[c] ?? 0, spec));
      const scale = qparams.map((q) => q.scale);
      const zeroPoint = qparams.map((q) => q.zeroPoint);
      expect({ min, max, scale, zeroPoint }, `batch ${i}`).toEqual(float32(golden.states[i]));
    });
  });

  it('takes the slices along another axis', () => {
    const config = perChannelMinMax(fullRange('torch.qint8', 'torch.per_channel_symmetric'), 1);
    const tensor = floatTensor([2, 2, 2], Float32Array.of(1, 2, -3, 4, 5, 6, 7, -8));
    const { ranges } = observePerChannelMinMax(emptyPerChannelMinMax(config), tensor);
    expect(ranges).toEqual({ min: Float32Array.of(1, -8), max: Float32Array.of(6, 7) });
    const beyond = { ...config, axis: 3 };
    expect(() => observePerChannelMinMax(emptyPerChannelMinMax(beyond), tensor)).toThrow(
      'A tensor of shape [2, 2, 2] has no axis 3.',
    );
  });
});

/** The golden's shortest decimals as the float32 that they stand for. */
const float32 = (state: GoldenRanged['states'][number] | undefined) =>
  state && {
    min: state.min.map(Math.fround),
    max: state.max.map(Math.fround),
    scale: state.scale.map(Math.fround),
    zeroPoint: state.zeroPoint,
  };

describe('batches without a finite value', () => {
  const spec = fullRange('torch.quint8', 'torch.per_tensor_affine');
  it('have no say in a moving average', () => {
    const empty = emptyMovingAverage(movingAverage(spec));
    expect(observeMovingAverage(empty, EMPTY_RANGE)).toBe(empty);
    const first = observeMovingAverage(empty, { min: -1, max: 2 });
    expect(first).toMatchObject({ min: -1, max: 2 });
    expect(observeMovingAverage(first, EMPTY_RANGE)).toBe(first);
  });
  it('nor in a range', () => {
    const first = observeMinMax(emptyMinMax(minMax(spec)), { min: -1, max: 2 });
    expect(observeMinMax(first, EMPTY_RANGE)).toEqual(first);
  });
});

it('integer ranges that PyTorch asserts against are refused', () => {
  const quint8 = { dtype: 'torch.quint8', qscheme: 'torch.per_tensor_symmetric' } as const;
  expect(() => quantizationSpec({ ...quint8, reduceRange: true })).toThrow(/cannot reduce the range/);
  for (const quantRange of [
    [1, 127],
    [0, 0],
    [0, 256],
    [-200, 100],
  ] as const)
    expect(() => quantizationSpec({ ...quint8, quantRange })).toThrow(/must contain 0, ascend/);
});
