/** Quantized element types with the range that PyTorch's quantize ops clamp to. */
export const QUANTIZED_RANGE = {
  'torch.quint8': [0, 255],
  'torch.qint8': [-128, 127],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;
export type QuantizedDType = keyof typeof QUANTIZED_RANGE;
export const isQuantizedDType = (dtype: string): dtype is QuantizedDType =>
  Object.hasOwn(QUANTIZED_RANGE, dtype);

export type PerTensorScheme = 'torch.per_tensor_affine' | 'torch.per_tensor_symmetric';
export type PerChannelScheme = 'torch.per_channel_affine' | 'torch.per_channel_symmetric';
export type QScheme = PerTensorScheme | PerChannelScheme;

/** How an observer turns a range into quantization parameters. */
export interface QuantizationSpec<S extends QScheme = QScheme> {
  readonly dtype: QuantizedDType;
  readonly qscheme: S;
  /** Integer range of the observer, which may be narrower than the dtype's (`default_observer` uses 0…127). */
  readonly quantMin: number;
  readonly quantMax: number;
  /** The user gave the integer range: a symmetric quint8 then has its middle as zero point, otherwise 128. */
  readonly customized: boolean;
}

interface SpecOptions<S extends QScheme> {
  readonly dtype: QuantizedDType;
  readonly qscheme: S;
  /** Halves the integer range: 0…127 and −64…63 instead of 0…255 and −128…127. */
  readonly reduceRange?: boolean;
  readonly quantRange?: readonly [number, number];
}

/**
 * The integer range that PyTorch's observers choose (torch/ao/quantization/utils.py, `calculate_qmin_qmax`, and the
 * checks of `UniformQuantizationObserverBase`). Throws a RangeError where PyTorch asserts: a range without 0, empty,
 * or wider than 256 steps; a reduced symmetric quint8.
 */
export function quantizationSpec<S extends QScheme>(options: SpecOptions<S>): QuantizationSpec<S> {
  const { dtype, qscheme, reduceRange = false, quantRange } = options;
  if (reduceRange && dtype === 'torch.quint8' && isSymmetric(qscheme))
    throw new RangeError(`PyTorch cannot reduce the range of symmetric quint8 (${qscheme}); use qint8.`);
  const [low, high] = quantRange ?? QUANTIZED_RANGE[dtype];
  if (!(low <= 0 && 0 <= high && low < high && high - low < 256))
    throw new RangeError(
      `The quantized range ${low}…${high} must contain 0, ascend, and have at most 256 values.`,
    );
  const halve = (value: number) => Math.floor(value / 2);
  const [quantMin, quantMax] = reduceRange ? [halve(low), halve(high)] : [low, high];
  return { dtype, qscheme, quantMin, quantMax, customized: quantRange !== undefined };
}

export const isSymmetric = (qscheme: QScheme): boolean =>
  qscheme === 'torch.per_tensor_symmetric' || qscheme === 'torch.per_channel_symmetric';

/** `torch.per_tensor_affine` and the like as an observer's scheme, in all 8 bits. */
export const fullRange = <S extends QScheme>(dtype: QuantizedDType, qscheme: S): QuantizationSpec<S> =>
  quantizationSpec({ dtype, qscheme });

export const isPerChannel = (qscheme: QScheme): qscheme is PerChannelScheme =>
  qscheme === 'torch.per_channel_affine' || qscheme === 'torch.per_channel_symmetric';
