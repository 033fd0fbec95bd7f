/* The layers of the model and the types of its ops, as tables have them. */

export type Decision = 'fold' | 'mul' | 'skip';

export interface Sqnr {
  readonly plain: number | null;
  readonly equalized: number | null;
}

/** One row of the layers table. */
export interface LayerView {
  readonly name: string;
  /** Of its weight, `[out, in / groups, …kernel]`: `64×128`, `8×1×3×3`. */
  readonly shape: string;
  /** The key by which a choice for its type counts: `torch.nn.Linear`, of a fused module that of its first part. */
  readonly type: string;
  /** Whether it is to be equalized. */
  readonly selected: boolean;
  /** Whether it would be if the settings did not name its node: what its module, its type, the global choice say. */
  readonly selectedUnnamed: boolean;
  /** Null until `equalize` has run. */
  readonly decision: Decision | null;
  readonly reason: string;
  /** What made its scale: `SmoothQuant, α = 0.6`; null where it has none. */
  readonly rule: string | null;
  /** The other layers of its region, which follow the same method. Like `sharesWith` known from `calibrate` on. */
  readonly region: readonly string[];
  /** Those of them that share scales with it. */
  readonly sharesWith: readonly string[];
  /** Largest column range over the smallest non-zero one, before and after equalization; null when not known. */
  readonly inputRatio: readonly [number, number | null] | null;
  readonly weightRatio: readonly [number, number | null] | null;
  /** dB, layer output of the int8 model against the float model. */
  readonly sqnr: Sqnr;
}

/** A type of op that a qconfig can be chosen for. */
export interface TypeView {
  /** Module type, function or method: `torch.nn.Linear`, `torch.add`, `reshape`. */
  readonly type: string;
  /** How many calls of the loaded model have it; 0 of one that only fusion makes, such as nn.ReLU for F.relu. */
  readonly calls: number;
  /** A layer, or fused into layers: then PyTorch wants the layer's type and it to have the same choices. */
  readonly kind: 'layer' | 'fused' | 'other';
}

/** How well the quantized models do. Accuracy is null without labelled evaluation data. */
export interface Results {
  /** dB of the model's output against the float model. */
  readonly sqnr: Sqnr;
  /** Fractions in 0…1. */
  readonly accuracy: { readonly float: number; readonly plain: number; readonly equalized: number } | null;
  /** Float model before and after equalization, on calibration data. */
  readonly verification: { readonly maxAbsError: number; readonly maxRelError: number } | null;
  /** The layers whose output int8 hurts most, without equalization, first; empty until `convert` has run. */
  readonly lowestFirst: readonly LayerSqnr[];
}

/** The SQNR of one layer's output, in dB. */
export interface LayerSqnr {
  readonly name: string;
  readonly sqnr: number;
}
