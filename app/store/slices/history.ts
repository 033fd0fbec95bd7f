import type { Settings, StepName } from '../../../src/index';

/** The work at one moment, and what led there. */
export interface HistoryEntry {
  /** The engine's number of the state. */
  readonly state: number;
  /** What was done: `Calibrate`, `Method: smoothquant`. */
  readonly label: string;
  readonly settings: Settings;
  /** The step that was looked at, last. */
  readonly shown: StepName;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Every setting and every step of the open model, to take back and bring back. */
export interface HistorySlice {
  /** Oldest first; the first is the model as it was opened. */
  readonly history: readonly HistoryEntry[];
  /** The entry of now; those behind it were taken back. */
  readonly historyAt: number;

  /** Takes back what was done last: results that were there before come back without being computed. */
  undo(): Promise<void>;
  /** Brings back what was taken back last. */
  bringBack(): Promise<void>;
}
