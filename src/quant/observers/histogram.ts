import type { HistogramConfig, HistogramState } from './histogramConfig';
import { mergeCounts } from './histogramMerge';
import { type CountedRange, nextStep } from './histogramRange';
import { EMPTY_RANGE, isEmptyRange, type TensorRange, unitedRange } from './tensorRange';

/**
 * How a histogram grows over batches. `pytorch`: as HistogramObserver of 1.13.1 does, its defects included: edges are
 * cut to whole numbers, so that values beyond them are not counted, and a constant first batch is forgotten. `exact`:
 * every batch is counted between the smallest and the largest value of all batches, so nothing is merged or lost.
 */
export type Counting = 'pytorch' | 'exact';

/**
 * What to count of each batch, from the batches' ranges alone: null for a batch without a finite value. Counting can
 * then happen in a second run over the data, with all edges known.
 */
export function planHistogram(
  config: HistogramConfig,
  batches: readonly TensorRange[],
  counting: Counting,
): readonly (CountedRange | null)[] {
  if (counting === 'exact') {
    const range = batches.reduce(unitedRange, EMPTY_RANGE);
    const step: CountedRange = { kind: 'add', range, low: range.min, high: range.max };
    return batches.map((batch) => (isEmptyRange(batch) ? null : step));
  }
  let range = EMPTY_RANGE;
  return batches.map((batch) => {
    if (isEmptyRange(batch)) return null;
    const step = nextStep(config, range, batch);
    range = step.range;
    return step;
  });
}

/** The state after a batch: `counts` are those of the batch's values in `bins` bins between the step's edges. */
export function observeHistogram<O extends HistogramState>(
  observer: O,
  step: CountedRange,
  counts: ArrayLike<number>,
): O {
  const fresh = Float32Array.from(counts);
  const { histogram: before } = observer;
  const counted = before && step.kind !== 'first' ? mergeCounts(observer, before, step, fresh) : fresh;
  return { ...observer, ...step.range, histogram: counted };
}
