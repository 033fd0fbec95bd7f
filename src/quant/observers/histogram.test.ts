import { describe, expect, it } from 'vitest';
import { binsBetween } from '../../webgpu/histogram/kernel';
import { histogramReference } from '../../webgpu/histogram/reference';
import { calculateQParams } from '../qparams';
import { fullRange, isSymmetric, quantizationSpec } from '../spec';
import { floatSum } from './floatSum';
import { type Counting, observeHistogram, planHistogram } from './histogram';
import { emptyHistogram, type HistogramConfig, type HistogramState, histogram } from './histogramConfig';
import { searchRange } from './histogramSearch';
import { EMPTY_RANGE } from './tensorRange';
import { type GoldenHistogram, goldenObservers } from './testObservers';

function configOf({ spec, bins, upsampleRate }: GoldenHistogram): HistogramConfig {
  const qscheme = isSymmetric(spec.qscheme) ? 'torch.per_tensor_symmetric' : 'torch.per_tensor_affine';
  return histogram(
    quantizationSpec({ dtype: spec.dtype, qscheme, reduceRange: spec.reduceRange }),
    bins,
    upsampleRate,
  );
}

/** The states after each batch. */
function observeAll(
  config: HistogramConfig,
  batches: readonly Float32Array[],
  counting: Counting,
): HistogramState[] {
  const ranges = batches.map((batch) =>
    batch.reduce(({ min, max }, v) => ({ min: Math.min(min, v), max: Math.max(max, v) }), EMPTY_RANGE),
  );
  const plan = planHistogram(config, ranges, counting);
  let state = emptyHistogram(config);
  return batches.map((batch, i) => {
    const step = plan[i];
    if (step)
      state = observeHistogram(
        state,
        step,
        histogramReference(batch, binsBetween(step.low, step.high, config.bins)),
      );
    return state;
  });
}

const search = (state: HistogramState) => searchRange(state, state.histogram ?? new Float32Array());

describe('HistogramObserver, bit for bit as PyTorch 1.13.1', () => {
  it.each(goldenObservers.histogram.map((golden) => [golden.name, golden] as const))('%s', (_, golden) => {
    const config = configOf(golden);
    observeAll(config, golden.batches, 'pytorch').forEach((state, i) => {
      const expected = golden.states[i];
      const what = `batch ${i}`;
      expect([[state.min], [state.max]], what).toEqual(
        [expected?.min, expected?.max].map((v) => v?.map(Math.fround)),
      );
      if (expected?.histogram)
        expect(Array.from(state.histogram ?? []), what).toEqual(expected.histogram.map(Math.fround));
      const { min, max } = search(state);
      expect([min, max], what).toEqual(expected?.search.map(Math.fround));
      const { scale, zeroPoint } = calculateQParams(min, max, config.spec);
      expect([[scale], [zeroPoint]], what).toEqual([expected?.scale.map(Math.fround), expected?.zeroPoint]);
    });
  });
});

describe('a histogram over all batches (exact)', () => {
  const config = histogram(fullRange('torch.quint8', 'torch.per_tensor_affine'), 64);
  const batches = [Float32Array.of(3, 3, 3), Float32Array.of(-0.5, 0.25, 7.9), Float32Array.of(1.5)];
  const last = (order: readonly Float32Array[], counting: Counting) =>
    observeAll(config, order, counting).at(-1);
  const total = (state: HistogramState | undefined) =>
    state?.histogram?.reduce((sum, count) => sum + count, 0);

  it('counts every value once, whatever the order', () => {
    const state = last(batches, 'exact');
    expect(state).toMatchObject({ min: -0.5, max: Math.fround(7.9) });
    expect(total(state)).toBe(7);
    expect(last(batches.toReversed(), 'exact')).toEqual(state);
  });

  it('where PyTorch forgets a constant first batch and what lies beyond whole numbers', () => {
    expect(total(last(batches, 'pytorch'))).toBeLessThan(7);
  });

  it('leaves out batches without a finite value', () => {
    expect(
      planHistogram(config, [EMPTY_RANGE, { min: 0, max: 1 }], 'exact').map((step) => step?.kind),
    ).toEqual([undefined, 'add']);
    expect(
      planHistogram(config, [EMPTY_RANGE, { min: 0, max: 1 }], 'pytorch').map((step) => step?.kind),
    ).toEqual([undefined, 'first']);
  });
});

/** `torch.sum` of PyTorch 1.13.1 on one core with AVX2, of `[1 / (i + 1) for i in range(n)]` in float32. */
it.each([
  [0, 0.0],
  [1, 1.0],
  [7, 2.5928571224212646],
  [8, 2.7178573608398438],
  [33, 4.0887980461120605],
  [77, 4.9275007247924805],
  [1000, 7.485470771789551],
  [2048, 8.202078819274902],
  [5000, 9.09450912475586],
])('the float32 sum of %d values', (n, expected) => {
  expect(floatSum(Float32Array.from({ length: n }, (_, i) => 1 / (i + 1)))).toBe(Math.fround(expected));
});
