import type { Settings, StudioView } from '../../../src/index';
import type { FinishedRun } from '../finishedRuns';

/** The work itself: what the user chose, and what the engine made of it. */
export interface DocumentSlice {
  readonly settings: Settings;
  readonly view: StudioView;
  /** Counts opened models, to tell a new model from a new step of the same one. */
  readonly modelSerial: number;
  /** The sample that is open; null for a model of the user's own. */
  readonly sample: string | null;
  /** Runs of this model that went through to Convert, oldest first: for comparing semantics and qconfigs. */
  readonly runs: readonly FinishedRun[];
}
