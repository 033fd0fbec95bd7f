import type {
  DataOptions,
  ExportedFile,
  ExportKind,
  Form,
  ImagePreview,
  LayersPlan,
  LayerView,
  NodeDetails,
  PlanCheck,
  Settings,
  StepName,
  StudioView,
} from '../../src/index';
import type { EngineApi, EngineFailure, Outcome, ProgressListener } from '../engine/api';
import { FakeFindings } from './fakes/findings';
import { failed, ok } from './fakes/outcomes';
import { fakeDataset, isBroken, NOTHING, PROPOSED, RESULTS, SPLIT, stepView } from './fakes/views';
import { fakeExplanation, fakePlayback } from './playback/fakePlayback';
import { STEP_WORDS, STEPS } from './vocabulary';

/*
 * An engine in memory for the store's tests: it runs every step at once and answers by the contract of EngineApi.
 */

/** Files called `broken…` are refused as models and as data; data files called `labelled…` are for evaluation. */
export class FakeEngine extends FakeFindings implements EngineApi {
  /** The step at which the next run stops, and how; null for none. */
  stopAt: (Omit<EngineFailure, 'node'> & { step: StepName; node?: string }) | null = null;
  /** Refuses the next change of settings with this message. */
  refuseSettings: string | null = null;
  /** The step from which any change of settings forgets what was done; null: those that name layers to equalize do. */
  forgetFrom: StepName | null = null;
  /** How many changes every step has. */
  changes = 0;
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
    const steps = Object.fromEntries([...this.done].map((step) => [step, stepView(step, this.changes)]));
    const { layers } = this;
    const results = this.done.has('convert') ? RESULTS : null;
    this.view = this.numbered({ ...this.view, ...change, steps, layers, results });
    return ok(this.view);
  }
  private read(purpose: 'calibration' | 'evaluation', files: readonly File[]): Outcome<StudioView> {
    const bad = files.find(isBroken);
    return bad === undefined
      ? this.refresh({ [purpose]: fakeDataset(files), lastData: purpose })
      : failed('format', `${bad.name} is cut off.`);
  }

  start = async () => ok({ name: 'cpu', adapter: 'none', label: 'CPU' } as const);

  async openModel(files: readonly File[]): Promise<Outcome<StudioView>> {
    const bad = files.find(isBroken);
    if (bad !== undefined) return failed('format', `${bad.name} has no graph.`);
    if (files[0]?.name === 'weights.pt') return PROPOSED;
    this.done.clear();
    this.done.add('load');
    if (files.length === 1 && files[0]?.name === 'split.onnx') return SPLIT;
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
    const generated = { ...fakeDataset([]), source: 'generated data', origin: 'generated' as const };
    return this.refresh({ calibration: generated, lastData: 'calibration' });
  }
  dataOptions = async () => failed<DataOptions>('internal', 'this engine has no forms');
  imagePreviews = async () => ok<readonly ImagePreview[]>([]);

  async run(step: StepName, settings: Settings, onProgress: ProgressListener): Promise<Outcome<StudioView>> {
    this.asked.push(step);
    this.settings = settings;
    for (const name of STEPS.slice(0, STEPS.indexOf(step) + 1)) {
      onProgress(STEP_WORDS[name].title, 0, 1);
      if (this.stopAt?.step === name) return failed(this.stopAt.kind, this.stopAt.message, this.stopAt.node);
      this.done.add(name);
    }
    return this.refresh();
  }
  async configure(settings: Settings): Promise<Outcome<StudioView>> {
    if (this.refuseSettings !== null) return failed('graph', this.refuseSettings);
    this.settings = settings;
    const namesLayers = Object.keys(settings.equalization.byName).length > 0;
    const from = this.forgetFrom ?? (namesLayers ? 'equalize' : null);
    if (from !== null) for (const step of STEPS.slice(STEPS.indexOf(from))) this.done.delete(step);
    return this.refresh();
  }
  cancel = async () => undefined;

  async inspect(step: StepName, name: string, form: Form): Promise<Outcome<NodeDetails>> {
    this.inspected.push(`${step} ${name}${form === 'reference' ? ' (reference)' : ''}`);
    return failed('internal', `nothing is known of ${name}`);
  }
  playback: EngineApi['playback'] = async (step, form) => ok(fakePlayback(step, form));
  /** Waits for `layersRead`; every weight's ratio is 3. */
  readLayers: EngineApi['readLayers'] = async () => {
    const layers = this.layers.map((layer) => ({ ...layer, weightRatio: [3, null] as const }));
    await this.layersRead;
    return ok(layers);
  };
  layersRead: Promise<void> = Promise.resolve();
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
