import type { PerTensorScheme, QuantizationSpec } from '../spec';
import { EMPTY_RANGE, isEmptyRange, type TensorRange } from './tensorRange';

/** PyTorch's default weight of a new batch. */
export const AVERAGING_CONSTANT = 0.01;

/** `MovingAverageMinMaxObserver`: the first batch's range, then drawn towards each further batch's. */
export interface MovingAverageConfig {
  readonly kind: 'moving-average';
  readonly spec: QuantizationSpec<PerTensorScheme>;
  /** Weight of a new batch, c in 0…1. */
  readonly averagingConstant: number;
}
export interface MovingAverageState extends MovingAverageConfig, TensorRange {}

export const movingAverage = (
  spec: QuantizationSpec<PerTensorScheme>,
  averagingConstant = AVERAGING_CONSTANT,
): MovingAverageConfig => ({ kind: 'moving-average', spec, averagingConstant });

export const emptyMovingAverage = (config: MovingAverageConfig): MovingAverageState => ({
  ...config,
  ...EMPTY_RANGE,
});

/** `old + c · (batch − old)`, in float32 as PyTorch computes it. */
export const averaged = (old: number, batch: number, constant: number): number => {
  const { fround } = Math;
  return fround(old + fround(fround(constant) * fround(batch - old)));
};

/** The state after a batch of that range. The order of batches matters; a batch without a finite value has no say. */
export function observeMovingAverage<O extends MovingAverageState>(observer: O, batch: TensorRange): O {
  if (isEmptyRange(batch)) return observer;
  if (isEmptyRange(observer)) return { ...observer, min: batch.min, max: batch.max };
  const { averagingConstant: constant } = observer;
  return {
    ...observer,
    min: averaged(observer.min, batch.min, constant),
    max: averaged(observer.max, batch.max, constant),
  };
}
