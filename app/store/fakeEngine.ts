import type { GraphView, NodeView, StepName, StepView, StudioView } from '../../src/index';
import type { EngineApi, EngineFailure, Outcome } from '../engine/api';
import type { Sample, SampleSource } from './samples';
import { STEP_WORDS, STEPS } from './vocabulary';

/*
 * An engine in memory for the store's tests: it runs every step at once and answers by the contract of EngineApi.
 */

const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });
const failed = <T>(kind: EngineFailure['kind'], message: string): Outcome<T> => ({
  ok: false,
  error: { kind, message, node: null },
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
});

/** `x → fc`, with an observer between them while observers are in. */
function graphAt(step: StepName): GraphView {
  const observed = step === 'prepare' || step === 'calibrate' || step === 'equalize';
  const names = observed ? ['x', 'observer', 'fc'] : ['x', 'fc'];
  const edges = names.slice(1).map((to, index) => ({ from: names[index] ?? '', to }));
  return { nodes: names.map(node), edges, text: names.join('\n') };
}

const stepView = (step: StepName): StepView => ({
  step,
  ms: 1,
  summary: `${step} is done`,
  warning: null,
  failed: false,
  changes: [],
  graph: graphAt(step),
});

export interface FakeEngine extends EngineApi {
  /** The step at which the next run stops, and how; null for none. */
  stopAt: { step: StepName; kind: EngineFailure['kind']; message: string } | null;
  /** Refuses the next change of settings with this message. */
  refuseSettings: string | null;
  readonly inspected: string[];
}

/** Files called `broken…` are refused as models and as data. */
export function fakeEngine(): FakeEngine {
  const done = new Set<StepName>();
  let view: StudioView = {
    model: null,
    calibration: null,
    evaluation: null,
    steps: {},
    layers: [],
    results: null,
  };
  const refresh = (change: Partial<StudioView> = {}): StudioView => {
    const steps = Object.fromEntries([...done].map((step) => [step, stepView(step)]));
    view = { ...view, ...change, steps };
    return view;
  };
  const dataset = (files: readonly File[]) => ({
    source: files.map((file) => file.name).join(', '),
    samples: 8,
    labels: false,
    arrays: [],
  });
  const refused = (files: readonly File[]) => files.find((file) => file.name.startsWith('broken'));
  return {
    stopAt: null,
    refuseSettings: null,
    inspected: [],
    start: async () => ok({ name: 'cpu', adapter: 'none', label: 'CPU' }),
    async openModel(files) {
      const bad = refused(files);
      if (bad !== undefined) return failed('format', `${bad.name} has no graph.`);
      done.clear();
      done.add('load');
      const name = files[0]?.name ?? '';
      const model = { name, format: 'fx' as const, parameters: 6, inputs: [], notes: [] };
      return ok(refresh({ model, calibration: null, evaluation: null }));
    },
    async openData(files) {
      return this.openCalibration(files);
    },
    async openCalibration(files) {
      const bad = refused(files);
      if (bad !== undefined) return failed('format', `${bad.name} is cut off.`);
      return ok(refresh({ calibration: dataset(files) }));
    },
    openEvaluation: async (files) => ok(refresh({ evaluation: dataset(files) })),
    async run(step, _settings, onProgress) {
      for (const name of STEPS.slice(0, STEPS.indexOf(step) + 1)) {
        onProgress(STEP_WORDS[name].title, 0, 1);
        if (this.stopAt?.step === name) return failed(this.stopAt.kind, this.stopAt.message);
        done.add(name);
      }
      return ok(refresh());
    },
    async configure(settings) {
      if (this.refuseSettings !== null) return failed('graph', this.refuseSettings);
      if (settings.excluded.length > 0)
        for (const step of ['equalize', 'convert'] as const) done.delete(step);
      return ok(refresh());
    },
    cancel: async () => undefined,
    async inspect(step, name) {
      this.inspected.push(`${step} ${name}`);
      return failed('internal', `nothing is known of ${name}`);
    },
    exportFile: async (kind, step) =>
      kind === 'onnx'
        ? failed('unsupported', 'no ONNX here')
        : ok({ name: `${step}.${kind}`, mime: 'text/plain', bytes: new Uint8Array(1) }),
  };
}

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
