import type { Explanation, Form, Playback, StepView } from '../../../src/index';

export const SPEEDS = [0.5, 1, 2, 4] as const;
export type Speed = (typeof SPEEDS)[number];

/** A step that is being played, change by change. */
export interface PlayedStep {
  readonly playback: Playback;
  /** The view it belongs to: it counts as long as this one is shown, in this form. */
  readonly of: StepView;
  readonly form: Form;
  /** How many of its changes are done. */
  readonly position: number;
}

/** How far the engine is with the changes of a step, once it takes long. */
export interface PlaybackWait {
  readonly of: StepView;
  readonly form: Form;
  readonly done: number;
  readonly total: number;
}

export interface PlaybackSlice {
  /** Null, or of another step than the shown one, while the finished step is shown. `playedOf` tells. */
  readonly played: PlayedStep | null;
  /** Null while nothing is waited for. `waitOf` tells that of the shown step. */
  readonly playbackWait: PlaybackWait | null;
  readonly playing: boolean;
  readonly speed: Speed;
  /** Of the change at the position; null until the engine has answered. */
  readonly explanation: Explanation | null;

  /** Shows the shown step with that many of its changes done; null shows it finished. */
  seek(position: number | null): Promise<void>;
  nextChange(): Promise<void>;
  previousChange(): Promise<void>;
  /** Plays on from the position, or from the start where nothing is left to play. */
  play(): Promise<void>;
  pause(): void;
  /** Ends the wait for a step's changes: the finished step stays in sight. */
  cancelPlayback(): void;
  setSpeed(speed: Speed): void;
  /** Shows the formulas of another column, row or channel. */
  explainPart(part: number): Promise<void>;
}
