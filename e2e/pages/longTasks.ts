import type { Browser, Page } from '@playwright/test';
import { z } from 'zod';

/** What a phase of a test kept the page's main thread busy with, at a stretch, in milliseconds. */
export interface PhaseTasks {
  readonly phase: string;
  /** Long tasks as the page itself is told of them: time on the clock, which others on the machine lengthen. */
  readonly count: number;
  readonly longest: number;
  /** The longest task by its time on the processor, which they hardly do. */
  readonly longestCpu: number;
}

const traceSchema = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      ts: z.number().optional(),
      dur: z.number().optional(),
      tdur: z.number().optional(),
      args: z.object({ name: z.string().optional() }).loose().optional(),
    }),
  ),
});
type TraceEvent = z.infer<typeof traceSchema>['traceEvents'][number];

declare global {
  interface Window {
    longTasks?: LongTask[];
  }
}

/** Runs in the page before anything else. */
function observe(): void {
  const kept: LongTask[] = [];
  window.longTasks = kept;
  new PerformanceObserver((list) => {
    for (const { startTime: start, duration } of list.getEntries()) kept.push({ start, duration });
  }).observe({ type: 'longtask', buffered: true });
}

const MARK = 'phase ';
/** `RunTask` with its time on the processor, and the marks that say which phase begins. */
const CATEGORIES = ['toplevel', 'disabled-by-default-devtools.timeline', 'blink.user_timing'];

/** What the page is told of, by its own clock, in milliseconds. */
interface LongTask {
  readonly start: number;
  readonly duration: number;
}

/** From this on the page is told of a task, in microseconds. */
const TOLD_US = 50_000;

/** A moment by the trace's clock, in microseconds, and by the page's, in milliseconds. */
interface Mark {
  readonly phase: string;
  readonly ts: number;
  readonly start: number;
}

/**
 * Longest task in milliseconds of processor time behind each mark, on the thread that set the marks. The trace also has tasks in
 * which the test looks for something in the page, by the debugger: the page is not told of these.
 */
function longestCpu(
  events: readonly TraceEvent[],
  phases: readonly { readonly name: string; readonly start: number }[],
  told: readonly LongTask[],
): ReadonlyMap<string, number> {
  const marks = events.filter(({ name, ts }) => name.startsWith(MARK) && ts !== undefined);
  const [first] = marks;
  if (first === undefined) throw new Error('the trace has no mark of a phase');
  const starts = phases.map(({ name, start }): Mark => {
    const ts = marks.find((mark) => mark.name === `${MARK}${name}`)?.ts;
    if (ts === undefined) throw new Error(`the trace has no mark of the phase ${name}`);
    return { phase: name, ts, start };
  });
  const isTold = (task: TraceEvent, mark: Mark): boolean => {
    const start = mark.start + ((task.ts ?? 0) - mark.ts) / 1000;
    const end = start + (task.dur ?? 0) / 1000;
    return told.some((entry) => entry.start < end && start < entry.start + entry.duration);
  };
  const found = new Map<string, number>();
  for (const task of events) {
    const { name, pid, tid, ts = 0, dur = 0, tdur = 0 } = task;
    if (name !== 'RunTask' || pid !== first.pid || tid !== first.tid) continue;
    const mark = starts.findLast((start) => start.ts <= ts);
    if (mark === undefined || (dur >= TOLD_US && !isTold(task, mark))) continue;
    found.set(mark.phase, Math.max(found.get(mark.phase) ?? 0, tdur / 1000));
  }
  return found;
}

/** Measures tasks of the page's main thread, by what is done meanwhile. */
export class LongTasks {
  readonly #phases: { readonly name: string; readonly start: number }[] = [];

  private constructor(
    private readonly page: Page,
    private readonly browser: Browser,
  ) {}

  /** Call before the page is opened. */
  static async watch(page: Page): Promise<LongTasks> {
    const browser = page.context().browser();
    if (browser === null) throw new Error('internal: the page has no browser to trace');
    await page.addInitScript(observe);
    await browser.startTracing(page, { categories: CATEGORIES });
    return new LongTasks(page, browser);
  }

  /** Does something, and half a second more, in which what came of it is drawn. */
  async during(name: string, action: () => Promise<unknown>): Promise<void> {
    const start = await this.page.evaluate((mark) => performance.mark(mark).startTime, `${MARK}${name}`);
    this.#phases.push({ name, start });
    await action();
    await this.page.waitForTimeout(500);
  }

  /** Every phase since the page was opened, in order. Ends the measurement. */
  async read(): Promise<readonly PhaseTasks[]> {
    const entries = await this.page.evaluate(() => window.longTasks ?? []);
    const trace = traceSchema.parse(JSON.parse((await this.browser.stopTracing()).toString('utf8')));
    const cpu = longestCpu(trace.traceEvents, this.#phases, entries);
    return this.#phases.map(({ name, start }, index) => {
      const end = this.#phases[index + 1]?.start ?? Number.POSITIVE_INFINITY;
      const durations = entries
        .filter((entry) => start <= entry.start && entry.start < end)
        .map((entry) => entry.duration);
      return {
        phase: name,
        count: durations.length,
        longest: Math.max(0, ...durations),
        longestCpu: cpu.get(name) ?? 0,
      };
    });
  }
}
