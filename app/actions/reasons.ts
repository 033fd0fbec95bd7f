import type { StepName } from '../../src/index';
import type { Studio } from '../store/studio';
import { STEP_WORDS } from '../store/vocabulary';

/** In words, why something cannot be done now; null when it can. */
export type Reason = (studio: Studio) => string | null;

export const busy: Reason = ({ job }) => (job === null ? null : 'Wait for the job that is running');
export const noModel: Reason = ({ view }) => (view.model === null ? 'Open a model first' : null);
export const noData: Reason = ({ view }) => (view.calibration === null ? 'Needs calibration data' : null);
export const notRun =
  (step: StepName): Reason =>
  ({ view }) =>
    view.steps[step] === undefined ? `Run ${STEP_WORDS[step].title} first` : null;

/** The first of several reasons that holds. */
export const anyOf =
  (...reasons: readonly Reason[]): Reason =>
  (studio) => {
    for (const reason of reasons) {
      const words = reason(studio);
      if (words !== null) return words;
    }
    return null;
  };
