import type { Dims } from '../moduleTypes';
import type { Extent } from '../sizes';
import type { Paddings } from './weightedOps';

/** Ops over the last axes, as images have them: pools, padding, other sizes. */
export interface SpatialOps {
  /** Windows over the last `dims` axes; the padding is −∞. */
  max_pool: PoolAttrs;
  /** The padding is 0 and counts unless `countIncludePad` is false; `divisor` replaces the count. */
  avg_pool: PoolAttrs & { readonly countIncludePad: boolean; readonly divisor: number | null };
  /** `outputSize` windows along each of the last axes, as even as can be; null keeps an axis as it is. */
  adaptive_avg_pool: { readonly dims: Dims; readonly outputSize: readonly (number | null)[] };
  adaptive_max_pool: { readonly dims: Dims; readonly outputSize: readonly (number | null)[] };
  /** Elements before and behind the last axis, then the last but one, …; a negative number takes elements away. */
  pad: { readonly pads: readonly Extent[]; readonly mode: PadMode; readonly value: number };
  /** Another size of the last axes, as many as `size` or `scale` name. */
  interpolate: Resampling;
  /** `[…, C r², H, W]` to `[…, C, H r, W r]`. */
  pixel_shuffle: { readonly factor: number };
  /** `[…, C, H r, W r]` to `[…, C r², H, W]`. */
  pixel_unshuffle: { readonly factor: number };
}

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
