export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** A run that takes longer is the measure by itself: beside it, what compiling and the first upload take is nothing. */
const LONG_MS = 5000;

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Median time in ms of several runs, after one that warms up (compiles, uploads). */
export async function medianTime(runs: number, work: () => Promise<void>): Promise<number> {
  const first = await timed(work);
  if (first > LONG_MS) return first;
  const times: number[] = [];
  for (let i = 0; i < runs; i++) times.push(await timed(work));
  return median(times);
}

/** The same of several pieces of work that take turns, so that a machine that gets slower or faster does so for all of them. */
export async function medianTimes(
  runs: number,
  works: readonly (() => Promise<void>)[],
): Promise<readonly number[]> {
  for (const work of works) await work();
  const times = works.map((): number[] => []);
  for (let i = 0; i < runs; i++) for (const [at, work] of works.entries()) times[at]?.push(await timed(work));
  return times.map(median);
}
