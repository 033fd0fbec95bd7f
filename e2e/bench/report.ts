import type { Growth } from './cases/scaling';
import { printed, printedBound, printedRatio, type Row, verdictOf } from './row';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Every run's ratio; the times are the last run's. */
function rowOfRuns(runs: readonly Row[]): readonly string[] {
  const last = runs.at(-1);
  if (!last) throw new Error('internal: a row without a run.');
  const verdicts = runs.map(verdictOf);
  const verdict = verdicts.find((one) => one === 'FAILED') ?? verdicts[0] ?? '';
  return [
    last.task,
    last.where,
    printed(last.ours),
    `${last.rival}${last.rivals === null ? '' : ` ${printed(last.rivals)}`}`,
    last.rivals === null ? (last.missing ?? '') : runs.map(printedRatio).join(', '),
    printedBound(last),
    verdict === 'FAILED' ? '**not met**' : verdict,
  ];
}

function benchTable(tables: readonly (readonly Row[])[]): string {
  const [first = []] = tables;
  const head = ['case', 'on', 'studio', 'against', `ratio, ${tables.length} runs`, 'bound', ''];
  return table(
    head,
    first.map((_, at) => rowOfRuns(tables.flatMap((rows) => rows[at] ?? []))),
  );
}

/** A table of one growth, its head first. */
export function growthCells({ of, measured, slopes }: Growth): readonly (readonly string[])[] {
  const steps = Object.keys(measured[0]?.ms ?? {});
  const total = (ms: Readonly<Record<string, number>>) =>
    Object.values(ms).reduce((sum, time) => sum + time, 0);
  const rows = measured.map(({ size, ms, peak }) => [
    String(size),
    ...steps.map((step) => {
      const share = Math.round((100 * (ms[step] ?? 0)) / total(ms));
      return `${(ms[step] ?? 0).toFixed(0)} ms (${share} %)`;
    }),
    peak === null ? '' : `${Math.round(peak / 1e6)} MB`,
  ]);
  const slope = ['slope', ...[...steps, 'memory'].map((key) => (slopes[key] ?? Number.NaN).toFixed(2))];
  return [[of, ...steps, 'peak memory'], ...rows, slope];
}

const measuredOn = (machine: string, date: string): string => `Measured on ${date}: ${machine}.`;

/** What docs/bench.md has of the table: all rows, and on what and when they were measured. */
export const tableReport = (machine: string, date: string, tables: readonly (readonly Row[])[]): string =>
  [`${measuredOn(machine, date)} Software GPU: SwiftShader.`, benchTable(tables)].join('\n\n');

/** What docs/bench.md has of growth. */
export const growthReport = (machine: string, date: string, growth: readonly Growth[]): string =>
  [
    measuredOn(machine, date),
    'Each size in a browser of its own, on WASM; a slope of 1 in logarithms is linear growth. In brackets the share of each step.',
    ...growth.map(growthCells).map(([head = [], ...rows]) => table(head, rows)),
  ].join('\n\n');
