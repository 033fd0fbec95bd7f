import type { Settings, StudioView } from '../../src/index';
import type { Slice } from './studioStore';
import { FIRST_SETTINGS } from './vocabulary';

/** The work itself: what the user chose, and what the engine made of it. */
export interface DocumentSlice {
  readonly settings: Settings;
  readonly view: StudioView;
  /** Counts opened models, to tell a new model from a new step of the same one. */
  readonly modelSerial: number;
}

const EMPTY_VIEW: StudioView = {
  model: null,
  calibration: null,
  evaluation: null,
  steps: {},
  layers: [],
  results: null,
};

export const createDocument: Slice<DocumentSlice> = () => ({
  settings: FIRST_SETTINGS,
  view: EMPTY_VIEW,
  modelSerial: 0,
});
