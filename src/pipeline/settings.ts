/** The steps of the pipeline in their order. */
export const STEPS = ['load', 'prepare', 'calibrate', 'equalize', 'convert'] as const;
export type StepName = (typeof STEPS)[number];

/** `exact` is proven to keep the float function; `pytorch` does what PyTorch 1.13.1 does, defects included. */
export type Semantics = 'exact' | 'pytorch';

export const QCONFIGS = ['default', 'fbgemm', 'qnnpack', 'per-channel'] as const;
export type QConfigName = (typeof QCONFIGS)[number];
export const AVAILABLE_QCONFIGS: readonly QConfigName[] = QCONFIGS;
/** What a layer or type can be given instead of the global qconfig; `none` leaves it in float. */
export type QConfigChoice = QConfigName | 'none';

/**
 * How exact semantics finds scales: by PyTorch's formula, by SmoothQuant's, by cross-layer equalization of weights alone,
 * or by a search over all of them. PyTorch semantics has its own formula.
 */
export const METHODS = ['input-weight', 'smoothquant', 'cross-layer', 'auto'] as const;
export type Method = (typeof METHODS)[number];

/** What the user decides for single layers in exact semantics. */
export interface ByHand {
  /** Methods by layer; layers that share their scales with it follow the first of them that has one. */
  readonly methods: Readonly<Record<string, Method>>;
  /** Scales by layer and input channel, in place of what the method finds. */
  readonly scales: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What the user chooses. Plain data; the page keeps it, every step is computed from it. */
export interface Settings {
  readonly semantics: Semantics;
  readonly qconfig: QConfigName;
  readonly method: Method;
  /** SmoothQuant's α, 0…1. */
  readonly alpha: number;
  /** Whether cross-layer equalization moves high biases behind. */
  readonly absorbBias: boolean;
  readonly byHand: ByHand;
  /** Which layers are equalized: all or none, and those that differ from that. */
  readonly equalization: Exceptions<boolean> & { readonly global: boolean };
  /** Qconfigs that differ from the global one. */
  readonly qconfigs: Exceptions<QConfigChoice>;
}

/** Choices that differ from the global one, as in PyTorch's QConfigMapping: a name goes before a type. */
export interface Exceptions<T> {
  /** By node (`encoder_fc1`) or module (`encoder.fc1`). */
  readonly byName: Readonly<Record<string, T>>;
  /** By module type, function or method: `torch.nn.Linear`, `torch.add`, `reshape`. */
  readonly byType: Readonly<Record<string, T>>;
}

export const DEFAULT_SETTINGS: Settings = {
  semantics: 'exact',
  qconfig: 'default',
  method: 'input-weight',
  alpha: 0.5,
  absorbBias: false,
  byHand: { methods: {}, scales: {} },
  equalization: { global: true, byName: {}, byType: {} },
  qconfigs: { byName: {}, byType: {} },
};

/** What stays chosen for another model: names and types belong to the one before. */
export const forNewModel = (settings: Settings): Settings => ({
  ...settings,
  equalization: { ...DEFAULT_SETTINGS.equalization, global: settings.equalization.global },
  qconfigs: DEFAULT_SETTINGS.qconfigs,
  byHand: DEFAULT_SETTINGS.byHand,
});

/** Whether two settings find scales the same way. */
export const sameScales = (a: Settings, b: Settings): boolean =>
  a.method === b.method &&
  a.alpha === b.alpha &&
  a.absorbBias === b.absorbBias &&
  JSON.stringify(a.byHand) === JSON.stringify(b.byHand);
