import type { BackendView, StepName } from '../../src/index';
import type { BackendChoice, EngineApi } from '../engine/api';
import type { Slice } from './studioStore';

/** The work under way. `total` is 0 until the engine has said how much there is. */
export interface JobState {
  /** The step whose row runs; null for work that belongs to none, such as reading data. */
  readonly step: StepName | null;
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}
export interface LogEntry {
  readonly serial: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly kind: 'info' | 'error';
  readonly text: string;
}

/** What runs, and what came of it. */
export interface RunSlice {
  readonly backend: BackendView | null;
  readonly job: JobState | null;
  /** Why a step's last run failed, until it is run again or the settings change. */
  readonly failures: Readonly<Partial<Record<StepName, string>>>;
  /** Errors that the user has not dismissed, oldest first. */
  readonly alerts: readonly LogEntry[];
  readonly log: readonly LogEntry[];
  /** The last result, one line. */
  readonly status: string;

  start(backend: BackendChoice): Promise<void>;
  /** Says a result in the status line and the log. */
  announce(text: string): void;
  /** Shows an error until it is dismissed, and logs it. */
  report(text: string): void;
  dismiss(serial: number): void;
  /** Runs one job at a time: says so when another is under way; an exception becomes an alert. */
  exclusively(step: StepName | null, phase: string, work: () => Promise<void>): Promise<void>;
  /** The engine's worker has died: calls under way will never answer. */
  crash(reason: string): void;
}

const LOG_LIMIT = 500;

const addTo = (log: readonly LogEntry[], entry: LogEntry): readonly LogEntry[] =>
  [...log, entry].slice(-LOG_LIMIT);

export const createRun =
  (engine: EngineApi): Slice<RunSlice> =>
  (set, get) => {
    const entry = (kind: LogEntry['kind'], text: string): LogEntry => ({
      serial: (get().log.at(-1)?.serial ?? 0) + 1,
      time: Date.now(),
      kind,
      text,
    });
    return {
      backend: null,
      job: null,
      failures: {},
      alerts: [],
      log: [],
      status: '',

      start: async (choice) => {
        const outcome = await engine.start(choice);
        if (outcome.ok) {
          set({ backend: outcome.value });
          set((state) => ({ log: addTo(state.log, entry('info', `Backend: ${outcome.value.label}`)) }));
        } else get().report(outcome.error.message);
      },
      announce: (text) => set((state) => ({ status: text, log: addTo(state.log, entry('info', text)) })),
      report: (text) => {
        const error = entry('error', text);
        set((state) => ({ alerts: [...state.alerts, error], log: addTo(state.log, error) }));
      },
      dismiss: (serial) =>
        set((state) => ({ alerts: state.alerts.filter((alert) => alert.serial !== serial) })),
      exclusively: async (step, phase, work) => {
        const running = get().job;
        if (running !== null) {
          get().report(`“${running.phase}” is still running: wait for it or cancel it, then try again.`);
          return;
        }
        set({ job: { step, phase, done: 0, total: 0 } });
        try {
          await work();
        } catch (error) {
          get().report(`${phase}: ${error instanceof Error ? error.message : String(error)}`);
        } finally {
          set({ job: null });
        }
      },
      crash: (reason) => {
        set({ job: null });
        get().report(`The engine stopped: ${reason}. Reload the page and open the model again.`);
      },
    };
  };
