import type {
  ChangeView,
  DatasetView,
  FormViews,
  GraphView,
  NodeView,
  Results,
  StepName,
  StepView,
  StudioView,
} from '../../../src/index';
import type { Outcome } from '../../engine/api';

/* What the fake engine shows of its work: a model `x → fc`. */

export const fakeNode = (name: string): NodeView => ({
  name,
  opcode: 'call_module',
  role: 'op',
  type: 'Linear',
  detail: '',
  shape: '',
  line: `%${name}`,
  change: 'same',
  path: name === 'fc' ? ['block'] : [],
});

/** `x → fc`, with an observer between them while observers are in. */
function graphAt(step: StepName): GraphView {
  const observed = step === 'prepare' || step === 'calibrate' || step === 'equalize';
  const names = observed ? ['x', 'observer', 'fc'] : ['x', 'fc'];
  const edges = names.slice(1).map((to, index) => ({ from: names[index] ?? '', to }));
  return { nodes: names.map(fakeNode), edges, text: names.join('\n') };
}

const LOWERED = { changes: [], graph: graphAt('convert') };
const FORMS: FormViews = {
  reference: { changes: [], graph: { nodes: [fakeNode('x')], edges: [], text: 'reference' } },
  lowered: LOWERED,
  error: null,
};

const fakeChange = (index: number): ChangeView => ({
  kind: 'rescale',
  nodes: [],
  sentence: `change ${index + 1}`,
});

/** With so many changes, which say nothing but their number. */
export const stepView = (step: StepName, changes = 0): StepView => ({
  step,
  ms: 1,
  summary: `${step} is done`,
  warning: null,
  failed: false,
  functionChanged: false,
  changes: Array.from({ length: changes }, (_, index) => fakeChange(index)),
  graph: graphAt(step),
  forms: step === 'convert' ? FORMS : null,
});

export const NOTHING: StudioView = {
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

export const RESULTS: Results = {
  sqnr: { plain: 20, equalized: 30 },
  accuracy: null,
  verification: null,
  lowestFirst: [
    { name: 'b', sqnr: Number.NEGATIVE_INFINITY },
    { name: 'a', sqnr: 10 },
    { name: 'c', sqnr: 20.04 },
  ],
};

export const fakeDataset = (files: readonly File[]): DatasetView => ({
  source: files.map((file) => file.name).join(', '),
  samples: 8,
  labels: false,
  arrays: [],
  origin: 'arrays' as const,
  notes: [],
});

export const isBroken = (file: File): boolean => file.name.startsWith('broken');

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
export const PROPOSED: Outcome<StudioView> = {
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

/** What opening `split.onnx` alone gives. */
export const SPLIT: Outcome<StudioView> = {
  ok: false,
  error: {
    kind: 'format',
    message: 'split.data did not come along.',
    node: null,
    missing: ['split.data'],
  },
};
