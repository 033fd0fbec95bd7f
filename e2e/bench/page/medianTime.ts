/** One row of the table: a task done by the studio's code and by what it replaces. */
export interface Measurement {
  readonly task: string;
  readonly device: string;
  /** What it is compared with. */
  readonly rival: string;
  /** Medians, in ms. */
  readonly ours: number;
  readonly rivals: number;
  /** The smallest acceptable `rivals / ours`; null where the ratio is only shown. */
  readonly bound: number | null;
}

/** Median time in ms of several runs, after one that warms up (compiles, uploads). */
export async function medianTime(runs: number, work: () => Promise<void>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(runs / 2)] ?? Number.NaN;
}
