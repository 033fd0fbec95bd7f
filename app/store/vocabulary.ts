import type {
  ExportKind,
  Method,
  QConfigChoice,
  QConfigName,
  Semantics,
  Settings,
  StepName,
} from '../../src/index';

/*
 * The core's vocabulary as the page needs it at run time. The page takes only types from the core (its code runs
 * in the engine's worker), so the values are declared here and the compiler checks them against those types.
 */

export const STEPS = ['load', 'prepare', 'calibrate', 'equalize', 'convert'] as const satisfies StepName[];

export interface StepWords {
  readonly title: string;
  /** What the step will do, shown until it has run. */
  readonly hint: string;
}
export const STEP_WORDS: { readonly [S in StepName]: StepWords } = {
  load: { title: 'Load', hint: 'open a model or a sample' },
  prepare: { title: 'Prepare', hint: 'insert observers' },
  calibrate: { title: 'Calibrate', hint: 'run the data, record ranges' },
  equalize: { title: 'Equalize', hint: 'balance inputs and weights' },
  convert: { title: 'Convert', hint: 'to int8, compared with float' },
};

/** Jobs that belong to no step and leave all of them as they are. */
export const BESIDE_TITLES = {
  compareMethods: 'Compare methods',
  advise: 'Advise',
  checkRuntime: 'Check in ONNX Runtime',
  countValues: 'Count values',
} as const;
export type BesideJob = keyof typeof BESIDE_TITLES;

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly title: string;
  readonly available: boolean;
}

export const SEMANTICS: readonly Choice<Semantics>[] = [
  {
    value: 'exact',
    label: 'Exact',
    title:
      'The equalized float model computes the same function; the studio checks it on the calibration data.',
    available: true,
  },
  {
    value: 'pytorch',
    label: 'PyTorch',
    title: 'What PyTorch 1.13.1 does, its defects included: for learning and for comparing.',
    available: true,
  },
];

export const QCONFIGS: readonly Choice<QConfigName>[] = [
  {
    value: 'default',
    label: 'default',
    title:
      'MinMaxObserver, per-tensor weights; activations in 7 bits (0…127), as PyTorch’s default_qconfig does',
    available: true,
  },
  {
    value: 'fbgemm',
    label: 'fbgemm',
    title: 'HistogramObserver in 7 bits, weights quantized per output channel: PyTorch on x86 servers',
    available: true,
  },
  {
    value: 'qnnpack',
    label: 'qnnpack',
    title: 'HistogramObserver in 8 bits, per-tensor weights: PyTorch on phones',
    available: true,
  },
  {
    value: 'per-channel',
    label: 'per-channel',
    title: 'MinMaxObserver, weights quantized per output channel',
    available: true,
  },
];

/** What a layer's own select offers: as the whole model, a preset, or to stay in float. */
export type LayerQConfigChoice = QConfigChoice | 'global';
export const LAYER_QCONFIGS: readonly Choice<LayerQConfigChoice>[] = [
  { value: 'global', label: 'as global', title: 'As the model’s QConfig says', available: true },
  ...QCONFIGS,
  { value: 'none', label: 'float', title: 'Not quantized, and not equalized', available: true },
];

/** What a layer or a type can be given instead of the global choice. */
export type EqualizationChoice = 'global' | 'on' | 'off';
export const EQUALIZATION_CHOICES: readonly Choice<EqualizationChoice>[] = [
  { value: 'global', label: 'as global', title: 'As all others', available: true },
  { value: 'on', label: 'on', title: 'Equalized', available: true },
  { value: 'off', label: 'off', title: 'Left as it is', available: true },
];

export const METHODS: readonly Choice<Method>[] = [
  {
    value: 'input-weight',
    label: 'input-weight',
    title: 'PyTorch’s formula: scale = sqrt(weight range / input range), per input column',
    available: true,
  },
  {
    value: 'smoothquant',
    label: 'smoothquant',
    title: 'Scale = max|weight|^(1 − α) / max|input|^α, per input column (Xiao et al. 2023)',
    available: true,
  },
  {
    value: 'cross-layer',
    label: 'cross-layer',
    title:
      'Evens out the rows of a layer and the columns of the next, from weights alone; adds no mul (Nagel et al. 2019)',
    available: true,
  },
  {
    value: 'auto',
    label: 'auto',
    title:
      'Tries up to 41 candidates for each region (20 rules, folded and with a mul, and none) and keeps what int8 likes best on the calibration data. Takes seconds to minutes; the status line says how long it has left',
    available: true,
  },
];

/** What a layer's own select offers. */
export type LayerMethodChoice = Method | 'global';
export const LAYER_METHODS: readonly Choice<LayerMethodChoice>[] = [
  { value: 'global', label: 'as global', title: 'As the whole model’s Method says', available: true },
  ...METHODS,
];

export const FIRST_SETTINGS: Settings = {
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
  equalization: { ...FIRST_SETTINGS.equalization, global: settings.equalization.global },
  qconfigs: FIRST_SETTINGS.qconfigs,
  byHand: FIRST_SETTINGS.byHand,
});

export const EXPORT_LABELS: { readonly [K in ExportKind]: string } = {
  safetensors: 'Weights (.safetensors)',
  pt: 'Weights (.pt)',
  onnx: 'Model (.onnx)',
  quantized: 'Quantized model (.onnx)',
  text: 'Graph (.txt)',
  report: 'Report (.json)',
};
export const EXPORT_KINDS = [
  'safetensors',
  'pt',
  'onnx',
  'quantized',
  'text',
  'report',
] as const satisfies ExportKind[];
/** Those that are the step's float model; the others are about the step. */
export const FLOAT_EXPORTS = ['safetensors', 'pt', 'onnx'] as const satisfies ExportKind[];

/** The choice of that value; a select's text comes back as a value of the list or not at all. */
export const choiceOf = <T extends string>(choices: readonly Choice<T>[], text: string): T | undefined =>
  choices.find((choice) => choice.value === text)?.value;
