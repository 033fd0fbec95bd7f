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

function growthTable({ of, measured, slopes }: Growth): string {
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
  return table([of, ...steps, 'peak memory'], [...rows, slope]);
}

/** What docs/bench.md has between its marks: the tables, and on what and when they were measured. */
export function benchReport(
  machine: string,
  date: string,
  tables: readonly (readonly Row[])[],
  growth: readonly Growth[],
): string {
  return [
    `Measured on ${date}: ${machine}. Software GPU: SwiftShader.`,
    benchTable(tables),
    ...(growth.length === 0
      ? []
      : [
          '### How it grows',
          'One size at a time, on WASM; a slope of 1 in logarithms is linear growth. In brackets the share of each step.',
          ...growth.map(growthTable),
        ]),
  ].join('\n\n');
}
