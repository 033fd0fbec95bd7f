import type { ParamName } from '../ids';
import type { Dims } from '../moduleTypes';

/** Normalizations, with the affine part that follows them. */
export interface NormOps {
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
}
