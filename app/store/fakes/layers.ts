import type { LayerView, NodeDetails } from '../../../src/index';

/* Layers for the store's tests. */

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
