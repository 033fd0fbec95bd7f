import type { DataPurpose, StepName } from '../../../src/index';
import type { BesideJob } from '../vocabulary';

export interface LogEntry {
  readonly serial: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly kind: 'info' | 'error';
  readonly text: string;
}

/** What an alert is about: it goes away once that has been put right. */
export type Subject =
  | StepName
  | BesideJob
  | DataPurpose
  | 'data'
  | 'settings'
  | 'export'
  | 'engine'
  | 'saving'
  /** The job that runs: of what has to wait for its end. */
  | 'busy';

export interface AlertEntry {
  readonly serial: number;
  /** Names the file or the step at fault. */
  readonly title: string | null;
  readonly text: string;
  readonly subject: Subject | null;
}

/** What the page tells its user. */
export interface NoticeSlice {
  /** The newest errors that stand, oldest first. */
  readonly alerts: readonly AlertEntry[];
  readonly log: readonly LogEntry[];
  /** The last result, one line. */
  readonly status: string;

  /** Only logs. */
  note(text: string): void;
  /** Says a result in the status line and the log. */
  announce(text: string): void;
  /** Shows an error until it is dismissed or its subject is settled, and logs it. */
  report(text: string, about?: { readonly title?: string; readonly subject?: Subject }): void;
  dismiss(serial: number): void;
  /** Takes away the alerts about these. */
  settle(...subjects: readonly Subject[]): void;
}
