/** Quantized element types with the range that PyTorch's quantize ops clamp to. */
export const QUANTIZED_RANGE = {
  'torch.quint8': [0, 255],
  'torch.qint8': [-128, 127],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;
export type QuantizedDType = keyof typeof QUANTIZED_RANGE;

export type QScheme =
  | 'torch.per_tensor_affine'
  | 'torch.per_tensor_symmetric'
  | 'torch.per_channel_symmetric';

/** How an observer turns a range into quantization parameters. */
export interface QuantizationSpec {
  readonly dtype: QuantizedDType;
  readonly qscheme: QScheme;
  /** Integer range of the observer, which may be narrower than the dtype's (`default_observer` uses 0…127). */
  readonly quantMin: number;
  readonly quantMax: number;
}

/** An activation and a weight observer (torch/ao/quantization/qconfig.py, `QConfig`). */
export interface QConfig {
  readonly name: string;
  readonly activation: QuantizationSpec;
  readonly weight: QuantizationSpec;
}

/** torch/ao/quantization/observer.py, `default_observer`: quint8, affine, 0…127. */
const DEFAULT_ACTIVATION: QuantizationSpec = {
  dtype: 'torch.quint8',
  qscheme: 'torch.per_tensor_affine',
  quantMin: 0,
  quantMax: 127,
};
/** `default_weight_observer`: qint8, symmetric, one scale for the tensor. */
const DEFAULT_WEIGHT: QuantizationSpec = {
  dtype: 'torch.qint8',
  qscheme: 'torch.per_tensor_symmetric',
  quantMin: -128,
  quantMax: 127,
};
/** `default_per_channel_weight_observer`: qint8, symmetric, one scale per output channel (axis 0). */
const PER_CHANNEL_WEIGHT: QuantizationSpec = { ...DEFAULT_WEIGHT, qscheme: 'torch.per_channel_symmetric' };

/** PyTorch 1.13's `default_qconfig`, and the same with `default_per_channel_weight_observer`. */
export const QCONFIG_PRESETS = {
  default: { name: 'default', activation: DEFAULT_ACTIVATION, weight: DEFAULT_WEIGHT },
  'per-channel': { name: 'per-channel', activation: DEFAULT_ACTIVATION, weight: PER_CHANNEL_WEIGHT },
} as const satisfies Readonly<Record<string, QConfig>>;
