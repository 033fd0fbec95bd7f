/** Public names of the module types that the studio reads or makes, in PyTorch 1.13's spelling. */
export const LINEAR = 'torch.nn.Linear';
export const LINEAR_RELU = 'torch.nn.intrinsic.LinearReLU';
export const MIN_MAX_OBSERVER = 'torch.ao.quantization.observer.MinMaxObserver';
export const MOVING_AVERAGE_OBSERVER = 'torch.ao.quantization.observer.MovingAverageMinMaxObserver';
export const HISTOGRAM_OBSERVER = 'torch.ao.quantization.observer.HistogramObserver';
export const PER_CHANNEL_MIN_MAX_OBSERVER = 'torch.ao.quantization.observer.PerChannelMinMaxObserver';
export const MOVING_AVERAGE_PER_CHANNEL_OBSERVER =
  'torch.ao.quantization.observer.MovingAveragePerChannelMinMaxObserver';
export const PLACEHOLDER_OBSERVER = 'torch.ao.quantization.observer.PlaceholderObserver';
export const FIXED_QPARAMS_OBSERVER = 'torch.ao.quantization.observer.FixedQParamsObserver';
export const INPUT_EQUALIZATION_OBSERVER = 'torch.ao.quantization.fx._equalize._InputEqualizationObserver';
export const WEIGHT_EQUALIZATION_OBSERVER = 'torch.ao.quantization.fx._equalize._WeightEqualizationObserver';

/** All that pass their input through and note its range. */
export const OBSERVER_MODULES: ReadonlySet<string> = new Set([
  MIN_MAX_OBSERVER,
  MOVING_AVERAGE_OBSERVER,
  HISTOGRAM_OBSERVER,
  PER_CHANNEL_MIN_MAX_OBSERVER,
  MOVING_AVERAGE_PER_CHANNEL_OBSERVER,
  PLACEHOLDER_OBSERVER,
  FIXED_QPARAMS_OBSERVER,
  INPUT_EQUALIZATION_OBSERVER,
  WEIGHT_EQUALIZATION_OBSERVER,
]);

/** Modules that exist for one, two and three dimensions: `torch.nn.Conv1d` … `torch.nn.Conv3d`. */
export type Dims = 1 | 2 | 3;
export const convType = (dims: Dims): string => `torch.nn.Conv${dims}d`;
export const convTransposeType = (dims: Dims): string => `torch.nn.ConvTranspose${dims}d`;
export const convReluType = (dims: Dims): string => `torch.nn.intrinsic.ConvReLU${dims}d`;
export const batchNormType = (dims: Dims): string => `torch.nn.BatchNorm${dims}d`;
/** There is none for one dimension. */
export const batchNormReluType = (dims: 2 | 3): string => `torch.nn.intrinsic.BNReLU${dims}d`;

/** `torch.nn.Linear` → `Linear`. */
export const shortType = (type: string): string => type.slice(type.lastIndexOf('.') + 1);
