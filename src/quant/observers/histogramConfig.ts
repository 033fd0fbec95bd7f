import type { PerTensorScheme, QuantizationSpec } from '../spec';
import { EMPTY_RANGE, type TensorRange } from './tensorRange';

/** `HistogramObserver`: a histogram, from which a search takes the range of the least quantization error. */
export interface HistogramConfig {
  readonly kind: 'histogram';
  readonly spec: QuantizationSpec<PerTensorScheme>;
  readonly bins: number;
  /** How many parts a bin is cut into when histograms of different ranges are merged. */
  readonly upsampleRate: number;
}
export interface HistogramState extends HistogramConfig, TensorRange {
  /** Counts of `bins` equal bins from min to max; null before the first batch. */
  readonly histogram: Float32Array | null;
}

export const histogram = (
  spec: QuantizationSpec<PerTensorScheme>,
  bins = 2048,
  upsampleRate = 128,
): HistogramConfig => ({ kind: 'histogram', spec, bins, upsampleRate });

export const emptyHistogram = (config: HistogramConfig): HistogramState => ({
  ...config,
  ...EMPTY_RANGE,
  histogram: null,
});
