import type { AlertEntry, LogEntry, NoticeSlice, Slice } from './studio';

const LOG_LIMIT = 500;
/** One is shown at a time; the log keeps them all. */
const ALERT_LIMIT = 20;

const addTo = (log: readonly LogEntry[], entry: LogEntry): readonly LogEntry[] =>
  [...log, entry].slice(-LOG_LIMIT);

/** The same complaint twice is one alert, the newer one. */
const withAlert = (alerts: readonly AlertEntry[], alert: AlertEntry): readonly AlertEntry[] =>
  [...alerts.filter(({ title, text }) => title !== alert.title || text !== alert.text), alert].slice(
    -ALERT_LIMIT,
  );

/** What the page tells its user: the status line, alerts, and the log of both. */
export const createNotices: Slice<NoticeSlice> = (set, get) => {
  const entry = (kind: LogEntry['kind'], text: string): LogEntry => ({
    serial: (get().log.at(-1)?.serial ?? 0) + 1,
    time: Date.now(),
    kind,
    text,
  });
  return {
    alerts: [],
    log: [],
    status: '',

    note: (text) => set((state) => ({ log: addTo(state.log, entry('info', text)) })),
    announce: (text) => {
      get().note(text);
      set({ status: text });
    },
    report: (text, { title = null, subject = null } = {}) => {
      const error = entry('error', title === null ? text : `${title}: ${text}`);
      const alert: AlertEntry = { serial: error.serial, title, text, subject };
      set((state) => ({ alerts: withAlert(state.alerts, alert), log: addTo(state.log, error) }));
    },
    dismiss: (serial) =>
      set((state) => ({ alerts: state.alerts.filter((alert) => alert.serial !== serial) })),
    settle: (...subjects) =>
      set((state) => ({
        alerts: state.alerts.filter(({ subject }) => subject === null || !subjects.includes(subject)),
      })),
  };
};
