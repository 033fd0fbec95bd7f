import type { PerTensorScheme, QuantizationSpec } from '../spec';
import { EMPTY_RANGE, type TensorRange, unitedRange } from './tensorRange';

/** `MinMaxObserver`: the range over all values that it saw. */
export interface MinMaxConfig {
  readonly kind: 'minmax';
  readonly spec: QuantizationSpec<PerTensorScheme>;
}
export interface MinMaxState extends MinMaxConfig, TensorRange {}

export const minMax = (spec: QuantizationSpec<PerTensorScheme>): MinMaxConfig => ({ kind: 'minmax', spec });

export const emptyMinMax = (config: MinMaxConfig): MinMaxState => ({ ...config, ...EMPTY_RANGE });

/** The state after a batch of that range. */
export const observeMinMax = <O extends MinMaxState>(observer: O, batch: TensorRange): O => ({
  ...observer,
  ...unitedRange(observer, batch),
});
