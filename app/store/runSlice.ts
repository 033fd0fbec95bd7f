import type { StepName } from '../../src/index';
import type { EngineApi } from '../engine/api';
import type { LogEntry, RunSlice, Slice } from './studio';

const LOG_LIMIT = 500;

const addTo = (log: readonly LogEntry[], entry: LogEntry): readonly LogEntry[] =>
  [...log, entry].slice(-LOG_LIMIT);

/** Files may be opened one after the other without waiting: the model, then its data. Steps are not put in line. */
const isReading = (step: StepName | null): boolean => step === null || step === 'load';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const createRun =
  (engine: EngineApi): Slice<RunSlice> =>
  (set, get) => {
    const entry = (kind: LogEntry['kind'], text: string): LogEntry => ({
      serial: (get().log.at(-1)?.serial ?? 0) + 1,
      time: Date.now(),
      kind,
      text,
    });
    /** The job under way, for those that wait their turn. */
    let current: Promise<void> = Promise.resolve();
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
        for (let running = get().job; running !== null; running = get().job) {
          if (!isReading(running.step) || !isReading(step)) {
            get().report(`“${running.phase}” is still running: wait for it or cancel it, then try again.`);
            return;
          }
          await current;
        }
        set({ job: { step, phase, done: 0, total: 0 } });
        current = work()
          .catch((error: unknown) => get().report(`${phase}: ${messageOf(error)}`))
          .finally(() => set({ job: null }));
        await current;
      },
      crash: (reason) => {
        set({ job: null });
        get().report(`The engine stopped: ${reason}. Reload the page and open the model again.`);
      },
    };
  };
