import type { ParamName } from '../ids';

/** Functions that stand behind a layer, most of them element by element. */
export interface ActivationOps {
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
  sigmoid: object;
  tanh: object;
  softmax: { readonly dim: number };
  log_softmax: { readonly dim: number };
}
