import type { QParams } from '../qparams';
import type { PerTensorScheme, QuantizationSpec } from '../spec';
import { fullRange } from '../spec';
import { EMPTY_RANGE, type TensorRange } from './tensorRange';

/** `FixedQParamsObserver`: for ops whose output range is known. It learns nothing; its range stays empty. */
export interface FixedQParamsConfig {
  readonly kind: 'fixed';
  readonly spec: QuantizationSpec<PerTensorScheme>;
  readonly qparams: QParams;
}
export interface FixedQParamsState extends FixedQParamsConfig, TensorRange {}

const EIGHT_BIT = fullRange('torch.quint8', 'torch.per_tensor_affine');

/** `default_fixed_qparams_range_0to1_observer`: sigmoid and softmax. */
export const FIXED_0_TO_1: FixedQParamsConfig = {
  kind: 'fixed',
  spec: EIGHT_BIT,
  qparams: { scale: 1 / 256, zeroPoint: 0 },
};
/** `default_fixed_qparams_range_neg1to1_observer`: tanh. */
export const FIXED_NEG1_TO_1: FixedQParamsConfig = {
  kind: 'fixed',
  spec: EIGHT_BIT,
  qparams: { scale: 2 / 256, zeroPoint: 128 },
};

export const emptyFixedQParams = (config: FixedQParamsConfig): FixedQParamsState => ({
  ...config,
  ...EMPTY_RANGE,
});
