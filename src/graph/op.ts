import type { BinaryFunction, ReduceFunction, UnaryAttrs } from './elementwise';
import type { NodeName, ParamName } from './ids';
import type { Dims } from './moduleTypes';
import type { Extent, SizeRule } from './sizes';

/**
 * The ops that the studio understands, each with its normalized attributes, whatever form the graph spells it in
 * (`torch.nn.ReLU`, `torch.nn.functional.relu`, `torch.relu` and the method `relu` are all `relu`).
 * Tables over `OpName` (shapes, kernels, scale rules, ONNX writers) are typed `{ [O in OpName]: … }`, so an op
 * that lacks a row does not compile.
 */
export interface OpAttrs {
  placeholder: object;
  output: object;
  get_attr: { readonly param: ParamName };
  /** `y = x Wᵀ + b` over the last axis; W is `[outFeatures, inFeatures]`. `relu`: a fused LinearReLU. */
  linear: {
    readonly weight: ParamName;
    readonly bias: ParamName | null;
    readonly inFeatures: number;
    readonly outFeatures: number;
    readonly relu: boolean;
    /** True for `F.linear`, whose weight comes from `get_attr` nodes. */
    readonly functional: boolean;
    readonly weightGrid?: WeightGrid;
  };
  /**
   * A convolution of `[n, inChannels, …]`, or one sample of it, over `dims` dimensions; the weight is
   * `[outChannels, inChannels / groups, …kernelSize]`. `relu`: a fused ConvReLU.
   */
  conv: {
    readonly weight: ParamName;
    readonly bias: ParamName | null;
    readonly dims: Dims;
    readonly inChannels: number;
    readonly outChannels: number;
    readonly kernelSize: readonly number[];
    readonly stride: readonly number[];
    /** Zeros before and behind each dimension. */
    readonly padding: Paddings;
    readonly dilation: readonly number[];
    readonly groups: number;
    readonly relu: boolean;
    /** True for `F.conv2d` and its like, whose weight comes from `get_attr` nodes. */
    readonly functional: boolean;
    readonly weightGrid?: WeightGrid;
  };
  /**
   * A transposed convolution, which spreads each element over a window of `[n, outChannels, …]`; the weight is
   * `[inChannels, outChannels / groups, …kernelSize]`.
   */
  conv_transpose: {
    readonly weight: ParamName;
    readonly bias: ParamName | null;
    readonly dims: Dims;
    readonly inChannels: number;
    readonly outChannels: number;
    readonly kernelSize: readonly number[];
    readonly stride: readonly number[];
    /** How much is cut off before and behind each dimension of what the windows cover. */
    readonly padding: readonly Padding[];
    /** How much is added behind each dimension, which no window covers. */
    readonly outputPadding: readonly number[];
    readonly dilation: readonly number[];
    readonly groups: number;
    /** PyTorch fuses none. */
    readonly relu: false;
    /** True for `F.conv_transpose2d` and its like, whose weight comes from `get_attr` nodes. */
    readonly functional: boolean;
    readonly weightGrid?: WeightGrid;
  };
  /** `(x − mean) / √(variance + eps) · weight + bias` per channel (axis 1), with the statistics of training. */
  batch_norm: {
    readonly weight: ParamName | null;
    readonly bias: ParamName | null;
    readonly mean: ParamName;
    readonly variance: ParamName;
    readonly features: number;
    readonly eps: number;
    /** Null for `F.batch_norm`, which takes any number of dimensions. */
    readonly dims: Dims | null;
    /** A fused BNReLU. */
    readonly relu: boolean;
  };
  /** Windows over the last `dims` axes; the padding is −∞. */
  max_pool: PoolAttrs;
  /** The padding is 0 and counts unless `countIncludePad` is false; `divisor` replaces the count. */
  avg_pool: PoolAttrs & { readonly countIncludePad: boolean; readonly divisor: number | null };
  /** `outputSize` windows along each of the last axes, as even as can be; null keeps an axis as it is. */
  adaptive_avg_pool: { readonly dims: Dims; readonly outputSize: readonly (number | null)[] };
  adaptive_max_pool: { readonly dims: Dims; readonly outputSize: readonly (number | null)[] };
  relu: object;
  relu6: object;
  leaky_relu: { readonly negativeSlope: number };
  /** `weight` holds one slope, or one per channel (axis 1). */
  prelu: { readonly weight: ParamName };
  /** `alpha (eˣ − 1)` below zero. */
  elu: { readonly alpha: number };
  silu: object;
  /** `approximate`: the formula with tanh instead of the error function. */
  gelu: { readonly approximate: 'none' | 'tanh' };
  /** Also `torch.clamp`, where an absent bound is infinite. */
  hardtanh: { readonly min: number; readonly max: number };
  /** `xᵉ`; with a whole exponent x may be negative. */
  pow: { readonly exponent: number };
  sqrt: object;
  /** `1 / √x`. */
  rsqrt: object;
  /** `1 / x`. */
  reciprocal: object;
  /** The error function of the normal distribution, as an exact GELU has it. */
  erf: object;
  sigmoid: object;
  tanh: object;
  softmax: { readonly dim: number };
  log_softmax: { readonly dim: number };
  /** One of many functions of one tensor, element by element. */
  unary: UnaryAttrs;
  /** One of many functions of two tensors, element by element. */
  binary: { readonly fn: BinaryFunction };
  /** The second operand where the first, a condition, is true, the third elsewhere. */
  where: object;
  /** All elements along the given axes, or along all of them (null), become one. */
  reduce: {
    readonly fn: ReduceFunction;
    readonly dims: readonly number[] | null;
    readonly keepDim: boolean;
  };
  /** The place of the largest or smallest element along an axis, the first of several; of all elements where it is null. */
  arg_reduce: {
    readonly fn: 'argmax' | 'argmin';
    readonly dim: number | null;
    readonly keepDim: boolean;
  };
  /** Sums from the first element along an axis up to each. */
  cumsum: { readonly dim: number };
  /** A new last axis of `classes` numbers: 1 at the place that the operand holds, 0 elsewhere. */
  one_hot: { readonly classes: number };
  flatten: { readonly startDim: number; readonly endDim: number };
  /** A shape of numbers and of sizes, which operands behind the first give. */
  reshape: { readonly shape: readonly Extent[] };
  /** Gives a number or a list of numbers, no tensor: a tensor's shape, or what is computed from it. */
  size: { readonly rule: SizeRule };
  transpose: { readonly dim0: number; readonly dim1: number };
  /** `order[i]` is the input's axis that becomes axis i. */
  permute: { readonly order: readonly number[] };
  /** Of all operands, along one axis. */
  cat: { readonly dim: number };
  /** Over the given axes, or over all of them (null). */
  mean: { readonly dims: readonly number[] | null; readonly keepDim: boolean };
  /** Without the given axes as far as their size is 1, or without all such axes (null). */
  squeeze: { readonly dims: readonly number[] | null };
  unsqueeze: { readonly dim: number };
  /** `x[…]` with numbers and sizes, one part per axis from the first. */
  getitem: { readonly index: readonly IndexPart[] };
  /** Gives several tensors and computes none of them: the `operator.getitem` of a part is the op that makes it. */
  tuple: object;
  /** Part `part` (from the end where negative) of an axis that is cut into several. */
  split: { readonly dim: number; readonly part: number; readonly cut: Cut };
  /** Axes of length 1 are repeated, new ones go in front; -1 keeps an axis as it is. */
  expand: { readonly shape: readonly Extent[] };
  /** The whole tensor several times along each axis, of which missing ones go in front. */
  repeat: { readonly repeats: readonly Extent[] };
  /** All operands, along a new axis. */
  stack: { readonly dim: number };
  /** `y[i][j] = x[index[i][j]][j]` for dim 0: the second operand has an index for each element of the output. */
  gather: { readonly dim: number };
  /** Entries of an axis: those of a list, or of the second operand (null), whose axes take the place of that one. */
  index_select: { readonly dim: number; readonly index: readonly number[] | null };
  /** The given axes, turned round. */
  flip: { readonly dims: readonly number[] };
  /** Moved along axes, what leaves at the end coming in at the front; of a flat view where there are no `dims`. */
  roll: { readonly shifts: readonly number[]; readonly dims: readonly number[] };
  /** Elements before and behind the last axis, then the last but one, …; a negative number takes elements away. */
  pad: { readonly pads: readonly Extent[]; readonly mode: PadMode; readonly value: number };
  /** Of the last two axes what lies on and above (`upper`) or below a diagonal; 0 elsewhere. */
  trilu: { readonly upper: boolean; readonly diagonal: number };
  /** `[…, C r², H, W]` to `[…, C, H r, W r]`. */
  pixel_shuffle: { readonly factor: number };
  /** `[…, C, H r, W r]` to `[…, C r², H, W]`. */
  pixel_unshuffle: { readonly factor: number };
  /** Another size of the last axes, as many as `size` or `scale` name. */
  interpolate: Resampling;
  /** Sums of products of the operands, over the letters that the output lacks. */
  einsum: { readonly equation: string };
  /** The `count` largest (or smallest) of an axis in order, or where they stand. */
  topk: {
    readonly count: number;
    readonly dim: number;
    readonly largest: boolean;
    readonly output: 'values' | 'indices';
  };
  /** `start, start + step, …` below `end`. */
  arange: {
    readonly start: Extent;
    readonly end: Extent;
    readonly step: Extent;
    readonly dtype: 'float32' | 'int32';
  };
  /** One number everywhere. */
  full: {
    readonly shape: readonly Extent[];
    readonly value: Extent;
    readonly dtype: 'float32' | 'int32' | 'bool';
  };
  /** Normalizes over the last axes, of shape `normalizedShape`, which weight and bias have too. */
  layer_norm: {
    readonly weight: ParamName | null;
    readonly bias: ParamName | null;
    readonly normalizedShape: readonly number[];
    readonly eps: number;
  };
  /** Normalizes each of `groups` groups of channels (axis 1) of a sample; weight and bias have one entry a channel. */
  group_norm: {
    readonly weight: ParamName | null;
    readonly bias: ParamName | null;
    readonly groups: number;
    /** Null where nothing says how many channels there are. */
    readonly features: number | null;
    readonly eps: number;
  };
  /** The same, each channel by itself. */
  instance_norm: {
    readonly weight: ParamName | null;
    readonly bias: ParamName | null;
    readonly features: number | null;
    readonly eps: number;
  };
  /** Rows of the weight `[count, width]`; the operand holds their indices. */
  embedding: { readonly weight: ParamName; readonly count: number; readonly width: number };
  /** `relu`: a fused `quantized.add_relu`. */
  add: { readonly relu?: boolean };
  sub: object;
  /** `relu`: a fused `quantized.mul_relu`. */
  mul: { readonly relu?: boolean };
  div: object;
  matmul: object;
  identity: object;
  dropout: object;
  /** A change of element type (`x.to(torch.float32)`). */
  to: { readonly dtype: string };
  /** An activation observer: passes its input through. */
  observer: object;
  /** An input-equalization observer: passes its input through. */
  equalization_observer: object;
  /** `torch.quantize_per_tensor(x, scale, zero_point, dtype)`; scale and zero point are `get_attr` operands. */
  quantize_per_tensor: { readonly dtype: string };
  /** `torch.quantize_per_channel(x, scales, zero_points, axis, dtype)`; scales and zero points are `get_attr` operands. */
  quantize_per_channel: { readonly axis: number; readonly dtype: string };
  dequantize: object;
}

/**
 * The grid that a weight is moved to before it is used: the reference form keeps weights in float beside their
 * parameters. Both tensors hold one entry, or one per slice along `axis`.
 */
export interface WeightGrid {
  readonly scale: ParamName;
  readonly zeroPoint: ParamName;
  /** Null for one scale for the whole tensor. */
  readonly axis: number | null;
  readonly dtype: string;
}

/** The quint8 grid of a lowered op's output: `value = (quantized − zeroPoint) · scale`. */
export interface OutputGrid {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** How many elements are added before and behind one dimension. */
export type Padding = readonly [before: number, behind: number];

/**
 * What is added to each dimension: given, or as much as `⌈size / stride⌉` windows need, of an odd number the larger half
 * behind (`same_upper`) or before (`same_lower`). Only ONNX has the latter where the stride is above 1.
 */
export type Paddings = readonly Padding[] | 'same_upper' | 'same_lower';

interface PoolAttrs {
  readonly dims: Dims;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: Paddings;
  /** PyTorch's averages have none: 1 there. */
  readonly dilation: readonly number[];
  /** A last window may begin inside and end outside. */
  readonly ceilMode: boolean;
}

/** How an axis is cut: into parts of one size (the last one may be smaller), of listed sizes, or a number of them. */
export type Cut =
  | { readonly kind: 'each'; readonly size: Extent }
  | { readonly kind: 'sizes'; readonly sizes: readonly Extent[] }
  | { readonly kind: 'chunks'; readonly count: number };

export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/** How new places along an axis take their values from old ones; the terms are those of ONNX's Resize. */
export interface Resampling {
  readonly mode: 'nearest' | 'linear' | 'cubic';
  /** The new sizes; null where `scale` says them: `⌊size · scale⌋`. */
  readonly size: readonly Extent[] | null;
  readonly scale: readonly number[] | null;
  /** Coordinates go by the scale that the sizes have, not by the given one. */
  readonly recompute: boolean;
  /** Which old coordinate a new one falls on. */
  readonly coordinates:
    | 'half_pixel'
    | 'pytorch_half_pixel'
    | 'tf_half_pixel_for_nn'
    | 'align_corners'
    | 'asymmetric';
  /** How `nearest` rounds it. */
  readonly rounding: 'floor' | 'ceil' | 'round_prefer_floor' | 'round_prefer_ceil';
  readonly cubicCoefficient: number;
  /** Weights of places outside are 0, and the others again add up to 1. */
  readonly excludeOutside: boolean;
}

/** What an index says of one axis (`'new'` makes one, `'rest'` takes as many whole axes as the others leave). */
export type IndexPart =
  | { readonly kind: 'at'; readonly position: Extent }
  | {
      readonly kind: 'slice';
      readonly start: Extent | null;
      readonly stop: Extent | null;
      readonly step: number;
    }
  | { readonly kind: 'new' }
  | { readonly kind: 'rest' };

export type OpName = keyof OpAttrs;

/**
 * An operand is another node's tensor, a plain number (`x / 2`), the number that a `size` node gives (`x / x.size(-1)`),
 * or a tensor of which only the shape counts (`x.view_as(y)`).
 */
export type Operand =
  | { readonly kind: 'node'; readonly node: NodeName }
  | { readonly kind: 'shape'; readonly node: NodeName }
  | { readonly kind: 'size'; readonly node: NodeName }
  | { readonly kind: 'number'; readonly value: number };

/** One call of an op: what a node means, free of how the graph spells it. */
export type OpCall<O extends OpName = OpName> = {
  [K in OpName]: {
    readonly op: K;
    readonly operands: readonly Operand[];
    readonly attrs: OpAttrs[K];
    /** A lowered op that says where its output lies: what it computes is rounded to that grid. */
    readonly quantized?: OutputGrid;
  };
}[O];
