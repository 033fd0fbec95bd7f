import type { OpenedModel } from '../formats/openedModel';
import { loadStep } from './steps';
import type { Work } from './studioView';

/** The work on a model that was just opened; `start`: when that began, in ms of `performance.now()`. */
export const freshWork = (
  opened: OpenedModel,
  start: number,
  imageSettings: Work['imageSettings'] = null,
): Work => ({
  opened,
  calibration: null,
  evaluation: null,
  imageSettings,
  refusedImages: null,
  lastData: null,
  snapshots: { load: { ...loadStep(opened.model, opened.notes), ms: performance.now() - start } },
});
