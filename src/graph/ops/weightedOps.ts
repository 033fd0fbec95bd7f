import type { ParamName } from '../ids';
import type { Dims } from '../moduleTypes';
import type { WeightGrid } from './gridOps';

/** Ops with a weight that channels of their input are multiplied by, or that is looked up. */
export interface WeightedOps {
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
  /** Rows of the weight `[count, width]`; the operand holds their indices. */
  embedding: { readonly weight: ParamName; readonly count: number; readonly width: number };
}

/** How many elements are added before and behind one dimension. */
export type Padding = readonly [before: number, behind: number];

/**
 * What is added to each dimension: given, or as much as `⌈size / stride⌉` windows need, of an odd number the larger half
 * behind (`same_upper`) or before (`same_lower`). Only ONNX has the latter where the stride is above 1.
 */
export type Paddings = readonly Padding[] | 'same_upper' | 'same_lower';
