// `npm run fuzz`: opens 100,000 damaged files of each format and writes docs/fuzz.md. Options: --runs=N (a format),
// --minutes=N (a format: ends earlier), --format=PART-OF-ITS-NAME, --seed=N, --path=P (of a fault, to see it again).
// docs/fuzz.json keeps the rows: a run of one format replaces that one's.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { fuzzPage, machine, today } from './fuzzPage.mjs';
import { fail, ROOT, requireNode } from './run.mjs';

const AT_ONCE = 2;
/** A file that takes so long hangs; its process is ended. Long enough for a machine that does other things too. */
const HANG_MS = 60_000;
const PROGRESS_MS = 30_000;
const FINDINGS = join(ROOT, 'fuzz-findings');
const ROWS = join(ROOT, 'docs/fuzz.json');
const DEFAULT_SEED = 20_260_101;

requireNode();
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    minutes: { type: 'string' },
    format: { type: 'string' },
    seed: { type: 'string', default: String(DEFAULT_SEED) },
    path: { type: 'string' },
  },
});

/** Where the readers and their tests stand as one module, as deep in the repository as their sources are. */
const BUNDLE = join(ROOT, 'node_modules/.fuzz/run.mjs');

/** Node 20 reads no TypeScript, and a process a format would compile it anew each time. */
const bundle = () =>
  build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: 'e2e/fuzz/run.ts',
      outDir: 'node_modules/.fuzz',
      target: 'node20',
      copyPublicDir: false,
      rollupOptions: { output: { codeSplitting: false, entryFileNames: 'run.mjs' } },
    },
  });

const NO_COUNTS = { tried: 0, refused: 0, opened: 0, slowest: 0, largest: 0 };

function childOptions() {
  const { runs, minutes, seed, path } = options;
  return JSON.stringify({
    runs: Number(runs),
    seed: Number(seed),
    ...(minutes !== undefined && { milliseconds: Number(minutes) * 60_000 }),
    ...(path !== undefined && { path }),
  });
}

/** What a format came to: its counts, and the fault that ended it, if one did. */
function fuzzInChild(name, folder, onCounts) {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'e2e/fuzz/child.mjs'), BUNDLE, name, folder, childOptions()],
      {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let result = { counts: NO_COUNTS, fault: null, isDone: false };
    let rest = '';
    let hang = null;
    const watch = () => {
      clearTimeout(hang);
      hang = setTimeout(() => {
        result.fault = { message: `hangs: nothing for ${HANG_MS / 1000} s`, seed: options.seed, path: '' };
        child.kill('SIGKILL');
      }, HANG_MS);
    };
    child.stdout.on('data', (text) => {
      watch();
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop();
      for (const line of lines) if (line.startsWith('{')) result = { ...result, ...JSON.parse(line) };
      onCounts(name, result.counts);
    });
    child.on('exit', (code) => {
      clearTimeout(hang);
      if (!result.isDone && !result.fault)
        result.fault = { message: `its process ended with ${code}`, seed: options.seed, path: '' };
      resolve({ name, ...result });
    });
  });
}

/** The files that show a fault, out of the temporary folder. */
function saveFinding({ name, fault }, folder) {
  const kept = join(FINDINGS, name.replaceAll(/\W+/g, '-'));
  rmSync(kept, { recursive: true, force: true });
  cpSync(folder, kept, { recursive: true });
  console.log(`FAULT in ${name}: ${fault.message}
  Smallest files that show it: ${kept}
  Again: npm run fuzz -- --format='${name}' --seed=${fault.seed}${fault.path ? ` --path=${fault.path}` : ''}`);
}

const readRows = () => (existsSync(ROWS) ? JSON.parse(readFileSync(ROWS, 'utf8')) : {});

/** What was counted, by format: a run of one format replaces its row alone. */
function saveRows(found) {
  const rows = readRows();
  const { runs, seed } = options;
  for (const { name, counts } of found)
    rows[name] = { ...counts, wanted: Number(runs), seed: Number(seed), machine: machine(), date: today() };
  writeFileSync(ROWS, `${JSON.stringify(rows, null, 2)}\n`);
}

async function fuzzAll(names, temporary) {
  const results = new Map();
  const latest = new Map();
  const started = Date.now();
  const progress = setInterval(() => {
    const running = [...latest].map(([name, { tried }]) => `${name} ${tried}`);
    const minutes = ((Date.now() - started) / 60_000).toFixed(1);
    console.log(`${minutes} min, ${results.size} of ${names.length} formats: ${running.join(', ')}`);
  }, PROGRESS_MS);
  const waiting = [...names];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const folder = join(temporary, name.replaceAll(/\W+/g, '-'));
      const result = await fuzzInChild(name, folder, (of, counts) => latest.set(of, counts));
      latest.delete(name);
      results.set(name, result);
      const { tried, refused, opened, slowest } = result.counts;
      console.log(`${name}: ${tried} tried, ${refused} refused, ${opened} opened, ${slowest.toFixed(0)} ms`);
      if (result.fault) saveFinding(result, folder);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  clearInterval(progress);
  return names.map((name) => results.get(name));
}

await bundle();
const { formatNames, HOSTILE } = await import(pathToFileURL(BUNDLE).href);
const all = formatNames();
const names = all.filter((name) => name.includes(options.format ?? ''));
if (names.length === 0) fail(`No format is called '${options.format}': ${all.join(', ')}.`);
const temporary = mkdtempSync(join(tmpdir(), 'fuzz-'));
const results = await fuzzAll(names, temporary);
rmSync(temporary, { recursive: true });
const faults = results.filter(({ fault }) => fault);
saveRows(results.filter(({ fault }) => !fault));
writeFileSync(join(ROOT, 'docs/fuzz.md'), fuzzPage(all, readRows(), HOSTILE));
console.log('docs/fuzz.md is written.');
if (faults.length > 0)
  fail(`${faults.length} of ${names.length} formats have a fault; the table has their earlier rows, if any.`);
process.exit(0);
