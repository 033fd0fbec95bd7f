import {
  batchNormReluType,
  batchNormType,
  convReluType,
  convTransposeType,
  convType,
  type Dims,
  LINEAR,
  LINEAR_RELU,
} from './moduleTypes';

/* Types of the modules that conversion makes, by the type of the float module each comes from. */

const DIMENSIONS: readonly Dims[] = [1, 2, 3];
const QUANTIZED = 'torch.ao.nn.quantized';
const FUSED_QUANTIZED = 'torch.nn.intrinsic.quantized';

const layers: readonly string[] = [LINEAR, ...DIMENSIONS.map(convType)];
const transposed: readonly string[] = DIMENSIONS.map(convTransposeType);
const fusedLayers: readonly string[] = [LINEAR_RELU, ...DIMENSIONS.map(convReluType)];
const shortName = (type: string): string => type.slice(type.lastIndexOf('.') + 1);
const within = (types: readonly string[], namespace: string): readonly (readonly [string, string])[] =>
  types.map((type) => [type, `${namespace}.${shortName(type)}`]);

/**
 * Float layers and their reference modules, which keep the float weight beside its scale and zero point
 * (torch/ao/nn/quantized/reference). A fused module keeps its type: the layer in it is exchanged.
 */
export const REFERENCE_TYPES: ReadonlyMap<string, string> = new Map([
  ...within([...layers, ...transposed], `${QUANTIZED}.reference`),
  ...fusedLayers.map((type) => [type, type] as const),
]);

/** Reference modules and what they are lowered to (`STATIC_LOWER_MODULE_MAP`, `STATIC_LOWER_FUSED_MODULE_MAP`). */
export const LOWERED_LAYERS: ReadonlyMap<string, string> = new Map([
  // Of the transposed ones all but the third, among the special patterns of `SPECIAL_PATTERN_LOWER_MODULE_MAP`.
  ...[...layers, ...transposed.slice(0, 2)].map(
    (type) => [`${QUANTIZED}.reference.${shortName(type)}`, `${QUANTIZED}.${shortName(type)}`] as const,
  ),
  ...within(fusedLayers, FUSED_QUANTIZED),
]);

/** Other float modules that are lowered to quantized ones (`SPECIAL_PATTERN_LOWER_MODULE_MAP`). */
export const LOWERED_MODULES: ReadonlyMap<string, string> = new Map([
  ...within(
    [
      batchNormType(2),
      batchNormType(3),
      'torch.nn.ELU',
      'torch.nn.LeakyReLU',
      'torch.nn.LayerNorm',
      ...DIMENSIONS.map((dims) => `torch.nn.InstanceNorm${dims}d`),
      'torch.nn.Dropout',
      'torch.nn.Softmax',
      'torch.nn.PReLU',
      'torch.nn.Hardswish',
    ],
    QUANTIZED,
  ),
  ...within([batchNormReluType(2), batchNormReluType(3)], FUSED_QUANTIZED),
]);

/** Every quantized module by the type of the float module that it computes. */
export const QUANTIZED_TYPES: ReadonlyMap<string, string> = new Map([
  ...within([...layers, ...transposed], QUANTIZED),
  ...within(fusedLayers, FUSED_QUANTIZED),
  ...LOWERED_MODULES,
]);

/** PyTorch's hands its input on; all others have an output grid of their own. */
export const QUANTIZED_DROPOUT = `${QUANTIZED}.Dropout`;
/** What `get_attr` reads in front of a lowered functional layer: weight, bias and the convolution's window in one. */
export const packedType = (op: 'linear' | 'conv', dims: Dims): string =>
  `torch.classes.quantized.${op === 'linear' ? 'Linear' : `Conv${dims === 3 ? 3 : 2}d`}PackedParamsBase`;
