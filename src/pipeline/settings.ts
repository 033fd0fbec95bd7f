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

export const METHODS = ['input-weight'] as const;
export type Method = (typeof METHODS)[number];

/** What the user chooses. Plain data; the page keeps it, every step is computed from it. */
export interface Settings {
  readonly semantics: Semantics;
  readonly qconfig: QConfigName;
  readonly method: Method;
  /** Layers that the user excluded from equalization, by the Linear node's name. */
  readonly excluded: readonly string[];
  /** Qconfigs that differ from the global one: by layer or module name, and by type (`torch.nn.Linear`). */
  readonly qconfigs: {
    readonly byName: Readonly<Record<string, QConfigChoice>>;
    readonly byType: Readonly<Record<string, QConfigChoice>>;
  };
}

export const DEFAULT_SETTINGS: Settings = {
  semantics: 'exact',
  qconfig: 'default',
  method: 'input-weight',
  excluded: [],
  qconfigs: { byName: {}, byType: {} },
};
