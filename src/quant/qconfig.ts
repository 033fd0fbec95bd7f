import type { FixedQParamsConfig } from './observers/fixedQParams';
import { type HistogramConfig, histogram } from './observers/histogramConfig';
import { type MinMaxConfig, minMax } from './observers/minMax';
import type { MovingAverageConfig } from './observers/movingAverageMinMax';
import type { MovingAveragePerChannelConfig } from './observers/movingAveragePerChannel';
import { type PerChannelMinMaxConfig, perChannelMinMax } from './observers/perChannelMinMax';
import type { PlaceholderConfig } from './observers/placeholder';
import { fullRange, quantizationSpec } from './spec';

/** Observers that a qconfig may name for activations; fixed parameters are for ops of known output range. */
export type ActivationObserver = MinMaxConfig | MovingAverageConfig | HistogramConfig | FixedQParamsConfig;
/** Observers that a qconfig may name for weights. */
export type WeightObserver =
  | MinMaxConfig
  | MovingAverageConfig
  | PerChannelMinMaxConfig
  | MovingAveragePerChannelConfig;

/** An activation and a weight observer (torch/ao/quantization/qconfig.py, `QConfig`). */
export interface QConfig {
  readonly name: string;
  readonly activation: ActivationObserver | PlaceholderConfig;
  readonly weight: WeightObserver | PlaceholderConfig;
}

const AFFINE = { dtype: 'torch.quint8', qscheme: 'torch.per_tensor_affine' } as const;

/** `default_observer`: quint8, affine, 0…127. */
const DEFAULT_ACTIVATION = minMax(quantizationSpec({ ...AFFINE, quantRange: [0, 127] }));
/** `default_weight_observer`: qint8, symmetric, one scale for the tensor. */
export const DEFAULT_WEIGHT = minMax(fullRange('torch.qint8', 'torch.per_tensor_symmetric'));
/** `default_per_channel_weight_observer`: qint8, symmetric, one scale per output channel (axis 0). */
const PER_CHANNEL_WEIGHT = perChannelMinMax(fullRange('torch.qint8', 'torch.per_channel_symmetric'));

/**
 * PyTorch 1.13.1's `default_qconfig`, `get_default_qconfig('fbgemm')`, `get_default_qconfig('qnnpack')` and
 * `default_per_channel_qconfig`.
 */
export const QCONFIG_PRESETS = {
  default: { name: 'default', activation: DEFAULT_ACTIVATION, weight: DEFAULT_WEIGHT },
  fbgemm: {
    name: 'fbgemm',
    activation: histogram(quantizationSpec({ ...AFFINE, reduceRange: true })),
    weight: PER_CHANNEL_WEIGHT,
  },
  qnnpack: { name: 'qnnpack', activation: histogram(quantizationSpec(AFFINE)), weight: DEFAULT_WEIGHT },
  'per-channel': { name: 'per-channel', activation: DEFAULT_ACTIVATION, weight: PER_CHANNEL_WEIGHT },
} as const satisfies Readonly<Record<string, QConfig>>;
