import type { ParamName } from '../ids';

/** Observers, changes of element type, and the grids of quantized values. */
export interface GridOps {
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
