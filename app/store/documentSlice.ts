import type { StudioView } from '../../src/index';
import type { DocumentSlice, Slice } from './studio';
import { FIRST_SETTINGS } from './vocabulary';

const EMPTY_VIEW: StudioView = {
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

export const createDocument: Slice<DocumentSlice> = () => ({
  settings: FIRST_SETTINGS,
  view: EMPTY_VIEW,
  modelSerial: 0,
  sample: null,
  runs: [],
});
