// `npm run bench`: installs what is missing, measures the studio and its rivals in one run on this machine, prints
// ratios; exit code 1 past a bound.
//   npm run bench -- kernels page     only these groups (kernels, calibration, page, memory: the table; growth: how it grows)
//   npm run bench -- --runs=3         so many runs of the table, one after the other
//   npm run bench -- --write          puts what was measured into docs/bench.md: the table, the growth or both, each as a whole
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { build } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { fail, ROOT, requireNode } from './run.mjs';

const PAGE = join(ROOT, 'docs', 'bench.md');

const GROWTH = 'growth';

function optionsOf(given, { TABLE_GROUPS, refusalToWrite }) {
  const known = [...TABLE_GROUPS, GROWTH];
  const named = given.filter((word) => !word.startsWith('--'));
  const groups = named.length > 0 ? named : known;
  const runs = Number(given.find((word) => word.startsWith('--runs='))?.slice('--runs='.length) ?? 1);
  const unknown = [
    ...groups.filter((name) => !known.includes(name)),
    ...given.filter((word) => word.startsWith('--') && !/^--(write|runs=[1-9]\d*)$/.test(word)),
  ];
  if (unknown.length > 0)
    fail(`Unknown: ${unknown.join(' ')}. Groups are ${known.join(', ')}; options --runs=N, --write.`);
  const writes = given.includes('--write');
  const refusal = writes ? refusalToWrite(groups, TABLE_GROUPS) : null;
  if (refusal !== null) fail(refusal);
  const ofTable = TABLE_GROUPS.filter((name) => groups.includes(name));
  return { ofTable, growth: groups.includes(GROWTH), runs, writes };
}

/** Prints rows of cells, left-aligned in columns. */
function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('   ')
        .trimEnd(),
    );
}

const cellsOf = ({ printed, printedRatio, printedBound, verdictOf }, row) => [
  row.task,
  row.where,
  printed(row.ours),
  row.rivals === null ? `${row.rival}: ${row.missing}` : `${row.rival} ${printed(row.rivals)}`,
  printedRatio(row),
  printedBound(row),
  verdictOf(row),
];

async function runTable(bench, options, executablePath, { say, write }) {
  const tables = [];
  for (let run = 1; run <= options.runs; run++) {
    say(`Run ${run} of ${options.runs}:`);
    const rows = await bench.runBench(executablePath, options.ofTable, say);
    tables.push(rows);
    printTable([
      ['case', 'on', 'studio', 'against', 'ratio', 'bound', ''],
      ...rows.map((row) => cellsOf(bench, row)),
    ]);
    // Whoever ends it keeps what was measured.
    write('table', (...measured) => bench.tableReport(...measured, tables));
  }
  return tables.flat().some((row) => bench.verdictOf(row) === 'FAILED');
}

async function runGrowth(bench, executablePath, { say, write }) {
  const growth = await bench.runScaling(executablePath, say);
  for (const one of growth) printTable(bench.growthCells(one));
  write('growth', (...measured) => bench.growthReport(...measured, growth));
}

requireNode();
await installDependencies();
const executablePath = await findBrowser();
if ((await build()) !== 0) fail('The build failed: see the messages above.');
const { withModule } = await import('../e2e/loadModule.mjs');
await withModule('/e2e/bench/index.ts', async (bench) => {
  const options = optionsOf(process.argv.slice(2), bench);
  const say = (text) => console.error(text);
  const write = (part, textOf) => {
    if (!options.writes) return;
    const date = new Date().toISOString().slice(0, 10);
    const text = textOf(bench.machineLine(executablePath), date);
    writeFileSync(PAGE, bench.withGenerated(readFileSync(PAGE, 'utf8'), part, text));
  };
  if (options.ofTable.length > 0 && (await runTable(bench, options, executablePath, { say, write })))
    process.exitCode = 1;
  if (options.growth) await runGrowth(bench, executablePath, { say, write });
});
