import type {
  BackendView,
  ExportedFile,
  ExportKind,
  Settings,
  StepName,
  StudioView,
} from '../../../src/index';
import type { BackendChoice } from '../../engine/api';
import type { BesideJob } from '../vocabulary';

export type JobOwner = StepName | BesideJob | null;

/** The work under way. `total` is 0 until the engine has said how much there is. */
export interface JobState {
  /** The step whose row runs, or a job beside the steps; null for other work, such as reading data. */
  readonly step: JobOwner;
  /** What was asked for: the steps before it that are missing run first. */
  readonly goal: JobOwner;
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  /** The user wants it to end: no further step may start. */
  readonly cancelling: boolean;
}

export interface StepFailure {
  readonly message: string;
  /** The node at fault, where there is one. */
  readonly node: string | null;
}

/** What runs, and what came of it. */
export interface RunSlice {
  readonly backend: BackendView | null;
  /** The backend's GPU went while nothing ran; the next work opens it again, or says what it runs on instead. */
  readonly isGpuLost: boolean;
  /** How many engines ended before this one: who waited for one of them has nothing to expect any more. */
  readonly enginesBefore: number;
  readonly job: JobState | null;
  /** Why a step's last run failed, until it is run again or the settings change. */
  readonly failures: Readonly<Partial<Record<StepName, StepFailure>>>;

  start(backend: BackendChoice): Promise<void>;
  /**
   * Runs one job at a time: the opening of files waits for that of other files, anything else is refused with an
   * alert. An exception becomes an alert too. `goal` is what was asked for, where the job begins with another step.
   */
  exclusively(step: JobOwner, phase: string, work: () => Promise<void>, goal?: JobOwner): Promise<void>;
  /** The engine's worker has died, and a new one takes its place: the work is read from where it was saved. */
  crash(reason: string): Promise<void>;
}

/** The verbs of the pipeline: run, cancel, settings, export. */
export interface StepJobs {
  /** Runs those before the step that are missing, then the step; shows each as it is done, unless the user went elsewhere. */
  run(step: StepName): Promise<void>;
  cancel(): Promise<void>;
  /**
   * Changes settings; the engine forgets the steps that they touch. Refused settings are put back. `what` says in the
   * status line what was done.
   */
  changeSettings(patch: Partial<Settings>, what?: string): Promise<void>;
  /**
   * Changes settings and runs again up to the last step that was done, so that its figures follow at once. The old
   * results stay in sight until the new ones are there.
   */
  redo(patch: Partial<Settings>, what: string): Promise<void>;
  /** The file to download for the shown step; null (and an alert) when it cannot be made. */
  exportFile(kind: ExportKind): Promise<ExportedFile | null>;
  /** Takes over what the engine says of the work, and keeps looking at `shown` or the last step before it. */
  adopt(view: StudioView, shown: StepName): void;
}
