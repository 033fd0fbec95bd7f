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
    longTasks?: { readonly start: number; readonly duration: number }[];
  }
}

/** Runs in the page before anything else. */
function observe(): void {
  const kept: { start: number; duration: number }[] = [];
  window.longTasks = kept;
  new PerformanceObserver((list) => {
    for (const { startTime: start, duration } of list.getEntries()) kept.push({ start, duration });
  }).observe({ type: 'longtask', buffered: true });
}

const MARK = 'phase ';
/** `RunTask` with its time on the processor, and the marks that say which phase begins. */
const CATEGORIES = [
  'toplevel',
  'disabled-by-default-devtools.timeline',
  'devtools.timeline',
  'blink.user_timing',
];

/** What only the page's own script is called by. */
const PAGE_CALLS = new Set([
  'FunctionCall',
  'EventDispatch',
  'HandlePostMessage',
  'TimerFire',
  'FireAnimationFrame',
  'v8.evaluateModule',
]);

/** Tells a task of the test's own, which looks for something in the page by the debugger's messages. */
function isOfTest(task: TraceEvent, events: readonly TraceEvent[]): boolean {
  const { ts = 0, dur = 0 } = task;
  const inside = events.filter((event) => event.ts !== undefined && ts <= event.ts && event.ts < ts + dur);
  const isMessage = inside.some(
    ({ name, tdur = 0 }) => name === 'Receive mojo message' && tdur > 0.9 * (task.tdur ?? 0),
  );
  return isMessage && !inside.some(({ name }) => PAGE_CALLS.has(name));
}

/** Shorter tasks are nobody's concern. */
const NOTED_US = 10_000;

/** Longest task of the page in milliseconds of processor time behind each mark, on the thread that set the marks. */
function longestCpu(events: readonly TraceEvent[]): ReadonlyMap<string, number> {
  const marks = events.filter(({ name, ts }) => name.startsWith(MARK) && ts !== undefined);
  const [first] = marks;
  if (first === undefined) throw new Error('the trace has no mark of a phase');
  const starts = marks.map(({ name, ts = 0 }) => ({ phase: name.slice(MARK.length), ts }));
  const found = new Map(starts.map(({ phase }) => [phase, 0]));
  const own = events.filter(({ pid, tid }) => pid === first.pid && tid === first.tid);
  for (const task of own) {
    const { name, ts = 0, tdur = 0 } = task;
    if (name !== 'RunTask' || tdur < NOTED_US || isOfTest(task, own)) continue;
    const phase = starts.findLast((start) => start.ts <= ts)?.phase;
    if (phase !== undefined) found.set(phase, Math.max(found.get(phase) ?? 0, tdur / 1000));
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
    const cpu = longestCpu(trace.traceEvents);
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
