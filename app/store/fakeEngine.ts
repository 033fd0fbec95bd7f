import type {
  DataOptions,
  DatasetView,
  ExportedFile,
  ExportKind,
  Form,
  FormViews,
  GraphView,
  ImagePreview,
  LayerAdvice,
  LayersPlan,
  LayerView,
  MethodRow,
  NodeDetails,
  NodeView,
  PlanCheck,
  Results,
  Settings,
  StepName,
  StepView,
  StudioView,
  TensorsView,
  WeightMap,
} from '../../src/index';
import type { EngineApi, EngineFailure, Outcome, ProgressListener } from '../engine/api';
import { FakeProjects } from './fakeProjects';
import { fakeExplanation, fakePlayback } from './playback/fakePlayback';
import type { Sample, SampleSource } from './samples';
import { STEP_WORDS, STEPS } from './vocabulary';

/*
 * An engine in memory for the store's tests: it runs every step at once and answers by the contract of EngineApi.
 */

const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });
const failed = <T>(kind: EngineFailure['kind'], message: string, node?: string): Outcome<T> => ({
  ok: false,
  error: { kind, message, node: node ?? null },
});

const node = (name: string): NodeView => ({
  name,
  opcode: 'call_module',
  role: 'op',
  type: 'Linear',
  detail: '',
  shape: '',
  line: `%${name}`,
  change: 'same',
  path: [],
});

/** `x → fc`, with an observer between them while observers are in. */
function graphAt(step: StepName): GraphView {
  const observed = step === 'prepare' || step === 'calibrate' || step === 'equalize';
  const names = observed ? ['x', 'observer', 'fc'] : ['x', 'fc'];
  const edges = names.slice(1).map((to, index) => ({ from: names[index] ?? '', to }));
  return { nodes: names.map(node), edges, text: names.join('\n') };
}

const LOWERED = { changes: [], graph: graphAt('convert') };
const FORMS: FormViews = {
  reference: { changes: [], graph: { nodes: [node('x')], edges: [], text: 'reference' } },
  lowered: LOWERED,
  error: null,
};

const stepView = (step: StepName): StepView => ({
  step,
  ms: 1,
  summary: `${step} is done`,
  warning: null,
  failed: false,
  functionChanged: false,
  changes: [],
  graph: graphAt(step),
  forms: step === 'convert' ? FORMS : null,
});

const NOTHING: StudioView = {
  state: 0,
  model: null,
  calibration: null,
  evaluation: null,
  lastData: null,
  steps: {},
  layers: [],
  types: [],
  results: null,
  comparison: null,
  onnxRuntime: null,
};

const RESULTS: Results = {
  sqnr: { plain: 20, equalized: 30 },
  accuracy: null,
  verification: null,
  lowestFirst: [
    { name: 'b', sqnr: Number.NEGATIVE_INFINITY },
    { name: 'a', sqnr: 10 },
    { name: 'c', sqnr: 20.04 },
  ],
};

const dataset = (files: readonly File[]): DatasetView => ({
  source: files.map((file) => file.name).join(', '),
  samples: 8,
  labels: false,
  arrays: [],
  origin: 'arrays' as const,
  notes: [],
});

const isBroken = (file: File): boolean => file.name.startsWith('broken');

const LAYER = {
  module: 'fc',
  included: true,
  stride: 1,
  padding: 0,
  activation: 'none',
  pooling: 'none',
  poolSize: 2,
} as const;

/** What opening `weights.pt` gives: one Linear. */
const PROPOSED: Outcome<StudioView> = {
  ok: false,
  error: {
    kind: 'format',
    message: 'weights.pt holds weights and no graph.',
    node: null,
    layers: {
      file: 'weights.pt',
      plan: { input: [2], layers: [LAYER] },
      rows: [{ module: 'fc', kind: 'linear', weight: [3, 2], hasWindow: false }],
      leftOut: [],
      check: { fits: [], problem: null },
    },
  },
};

/** Files called `broken…` are refused as models and as data; data files called `labelled…` are for evaluation. */
export class FakeEngine extends FakeProjects implements EngineApi {
  /** The step at which the next run stops, and how; null for none. */
  stopAt: (Omit<EngineFailure, 'node'> & { step: StepName; node?: string }) | null = null;
  /** Refuses the next change of settings with this message. */
  refuseSettings: string | null = null;
  /** The step from which any change of settings forgets what was done; null: those that name layers to equalize do. */
  forgetFrom: StepName | null = null;
  /** The layers of every model. */
  layers: readonly LayerView[] = [];
  readonly inspected: string[] = [];
  /** The steps that were asked for, in order. */
  readonly asked: StepName[] = [];
  private readonly done = new Set<StepName>();
  private view = NOTHING;

  protected get shownView(): StudioView {
    return this.view;
  }
  protected show(view: StudioView) {
    this.view = view;
    this.done.clear();
    for (const step of STEPS) if (view.steps[step] !== undefined) this.done.add(step);
  }

  private refresh(change: Partial<StudioView> = {}): Outcome<StudioView> {
    const steps = Object.fromEntries([...this.done].map((step) => [step, stepView(step)]));
    const { layers } = this;
    const results = this.done.has('convert') ? RESULTS : null;
    this.view = this.numbered({ ...this.view, ...change, steps, layers, results });
    return ok(this.view);
  }
  private read(purpose: 'calibration' | 'evaluation', files: readonly File[]): Outcome<StudioView> {
    const bad = files.find(isBroken);
    return bad === undefined
      ? this.refresh({ [purpose]: dataset(files), lastData: purpose })
      : failed('format', `${bad.name} is cut off.`);
  }

  start = async () => ok({ name: 'cpu', adapter: 'none', label: 'CPU' } as const);

  async openModel(files: readonly File[]): Promise<Outcome<StudioView>> {
    const bad = files.find(isBroken);
    if (bad !== undefined) return failed('format', `${bad.name} has no graph.`);
    if (files[0]?.name === 'weights.pt') return PROPOSED;
    this.done.clear();
    this.done.add('load');
    if (files.length === 1 && files[0]?.name === 'split.onnx')
      return {
        ok: false,
        error: {
          kind: 'format',
          message: 'split.data did not come along.',
          node: null,
          missing: ['split.data'],
        },
      };
    const [name = '', ...others] = files.map((file) => file.name);
    const unused = others.filter((other) => other !== 'split.data');
    const model = { name, format: 'fx' as const, parameters: 6, inputs: [], notes: [], unused };
    return this.refresh({ model, calibration: null, evaluation: null });
  }
  /** Plans with an input of no number do not fit. */
  async checkLayers(plan: LayersPlan): Promise<Outcome<PlanCheck>> {
    const problem = plan.input.some(Number.isNaN) ? 'The shape of a sample needs numbers.' : null;
    return ok({ fits: [], problem });
  }
  async openLayers(plan: LayersPlan): Promise<Outcome<StudioView>> {
    return plan.layers.some(({ included }) => included)
      ? this.refresh({
          model: { name: 'layers', format: 'pt', parameters: 6, inputs: [], notes: [], unused: [] },
        })
      : failed('graph', 'The layers do not make a model.');
  }
  async openData(files: readonly File[]): Promise<Outcome<StudioView>> {
    return this.read(
      files.some((file) => file.name.startsWith('labelled')) ? 'evaluation' : 'calibration',
      files,
    );
  }
  async openCalibration(files: readonly File[]): Promise<Outcome<StudioView>> {
    return this.read('calibration', files);
  }
  async openEvaluation(files: readonly File[]): Promise<Outcome<StudioView>> {
    return this.read('evaluation', files);
  }

  async changeImages(): Promise<Outcome<StudioView>> {
    return this.refresh();
  }
  async generateData(): Promise<Outcome<StudioView>> {
    const generated = { ...dataset([]), source: 'generated data', origin: 'generated' as const };
    return this.refresh({ calibration: generated, lastData: 'calibration' });
  }
  dataOptions = async () => failed<DataOptions>('internal', 'this engine has no forms');
  imagePreviews = async () => ok<readonly ImagePreview[]>([]);

  async run(step: StepName, _settings: Settings, onProgress: ProgressListener): Promise<Outcome<StudioView>> {
    this.asked.push(step);
    for (const name of STEPS.slice(0, STEPS.indexOf(step) + 1)) {
      onProgress(STEP_WORDS[name].title, 0, 1);
      if (this.stopAt?.step === name) return failed(this.stopAt.kind, this.stopAt.message, this.stopAt.node);
      this.done.add(name);
    }
    return this.refresh();
  }
  async configure(settings: Settings): Promise<Outcome<StudioView>> {
    if (this.refuseSettings !== null) return failed('graph', this.refuseSettings);
    const namesLayers = Object.keys(settings.equalization.byName).length > 0;
    const from = this.forgetFrom ?? (namesLayers ? 'equalize' : null);
    if (from !== null) for (const step of STEPS.slice(STEPS.indexOf(from))) this.done.delete(step);
    return this.refresh();
  }
  /** What the jobs beside the steps answer. */
  methods: readonly MethodRow[] = [];
  advice: readonly LayerAdvice[] = [];
  /** How the next of them ends, where it does not answer. */
  besideError: EngineFailure | null = null;

  private beside<T>(value: T): Outcome<T> {
    const error = this.besideError;
    this.besideError = null;
    return error === null ? ok(value) : { ok: false, error };
  }

  async compareMethods(_: Settings, onProgress: ProgressListener): Promise<Outcome<readonly MethodRow[]>> {
    onProgress('Compare methods', 1, 6);
    return this.beside(this.methods);
  }

  async advise(_: Settings, onProgress: ProgressListener): Promise<Outcome<readonly LayerAdvice[]>> {
    onProgress('Advise', 1, 2);
    return this.beside(this.advice);
  }

  async checkRuntime(onProgress: ProgressListener): Promise<Outcome<StudioView>> {
    onProgress('Check in ONNX Runtime', 1, 2);
    const row = { maxRelError: 1e-6, sqnr: 120, agrees: true, error: null };
    const rows = [{ name: 'original' as const, ...row }];
    return this.beside({
      ...this.view,
      onnxRuntime: { rows, version: '1', samples: 8, stale: false },
    });
  }

  cancel = async () => undefined;

  async inspect(step: StepName, name: string, form: Form): Promise<Outcome<NodeDetails>> {
    this.inspected.push(`${step} ${name}${form === 'reference' ? ' (reference)' : ''}`);
    return failed('internal', `nothing is known of ${name}`);
  }
  /** What is known of tensors and weights; `countValues` puts `counted` in the place of `tensorsView`. */
  tensorsView: TensorsView = { tensors: [], reason: 'nothing is observed' };
  counted: TensorsView | null = null;
  weight: WeightMap | null = null;

  tensors = async () => ok(this.tensorsView);

  async countValues(_step: StepName, _tensor: unknown, onProgress: ProgressListener): Promise<Outcome<void>> {
    onProgress('Count values', 1, 2);
    const outcome = this.beside<void>(undefined);
    if (outcome.ok) this.tensorsView = this.counted ?? this.tensorsView;
    return outcome;
  }

  weightMap = async (_step: StepName, name: string) =>
    this.weight === null ? failed<WeightMap>('graph', `${name} has no weight`) : ok(this.weight);

  playback: EngineApi['playback'] = async (step, form) => ok(fakePlayback(step, form));
  cancelPlayback: EngineApi['cancelPlayback'] = async () => undefined;
  explain = async (step: StepName, _: Form, change: number, part: number | null) =>
    ok(fakeExplanation(step, change, part));
  async exportFile(kind: ExportKind, step: StepName, form: Form): Promise<Outcome<ExportedFile>> {
    return kind === 'onnx'
      ? failed('unsupported', 'no ONNX here')
      : ok({
          name: `${step}${form === 'reference' ? '-reference' : ''}.${kind}`,
          mime: 'text/plain',
          parts: [new Uint8Array(1)],
        });
  }
}

/** A row of the layers table. */
export const fakeLayer = (name: string): LayerView => ({
  name,
  shape: '2×2',
  type: 'torch.nn.Linear',
  selected: true,
  selectedUnnamed: true,
  decision: null,
  reason: '',
  rule: null,
  region: [],
  sharesWith: [],
  inputRatio: null,
  weightRatio: null,
  sqnr: { plain: null, equalized: null },
});

/** A layer that the inspector shows. */
export const fakeDetails = (name: string): NodeDetails => ({
  name,
  step: 'convert',
  line: '',
  opcode: 'call_module',
  type: 'Linear',
  target: name,
  shape: '',
  attributes: [],
  inputs: [],
  users: [],
  layer: fakeLayer(name),
  input: null,
  inputHistogram: null,
  weight: null,
  weightHistogram: null,
  scale: null,
  scaleEdits: [],
  scaleColumns: null,
  observer: null,
});

const SAMPLES: readonly Sample[] = [
  { id: 'two', title: 'Two', description: '', model: 'two/m', calibration: ['two/c'], evaluation: [] },
  { id: 'ten', title: 'Ten', description: '', model: 'ten/m', calibration: ['ten/c'], evaluation: ['ten/e'] },
];

const files = (paths: readonly string[]) => paths.map((path) => new File([], path));

export const fakeSamples: SampleSource = {
  list: async () => SAMPLES,
  files: async ({ model, calibration, evaluation }) => ({
    model: files([model]),
    calibration: files(calibration),
    evaluation: files(evaluation),
  }),
};
