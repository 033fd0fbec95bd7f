// `npm test`: installs what is missing, runs every check and every test, and counts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { build } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { findFirefox } from './firefox.mjs';
import { requireNode, runPackage } from './run.mjs';
import { countPlaywright, countVitest, total } from './testCounts.mjs';

/** A check has no tests to count: it shows in the sum only when it fails. */
const check = (code) => ({ passed: 0, failed: code === 0 ? 0 : 1, skipped: 0, failures: [] });

const vitest = async (reports) => {
  const report = join(reports, 'vitest.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return countVitest(report, await runPackage('vitest/vitest.mjs', args));
};

const playwright = async (reports, name = 'playwright', args = [], more = {}) => {
  const report = join(reports, `${name}.json`);
  const env = { ...more, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const code = await runPackage('@playwright/test/cli.js', ['test', '--reporter=list,json', ...args], {
    env,
  });
  return countPlaywright(report, code);
};

/** The second browser. A machine that has none and gets none fails this section: it is never passed over. */
const firefox = async (reports) => {
  const { path, missing } = await findFirefox();
  if (path === undefined) {
    console.error(missing);
    return { ...check(1), failures: [missing] };
  }
  console.log(`Firefox: ${path}`);
  return playwright(reports, 'firefox', ['--config', 'e2e/firefox'], { FIREFOX_PATH: path });
};

const SECTIONS = [
  ['Type check', async () => check(await runPackage('typescript/bin/tsc', ['--noEmit']))],
  ['Lint and format', async () => check(await runPackage('@biomejs/biome/bin/biome', ['check', '.']))],
  [
    'Import rules',
    async () =>
      check(
        await runPackage('dependency-cruiser/bin/dependency-cruise.mjs', [
          '--config',
          '.dependency-cruiser.cjs',
          'src',
          'app',
        ]),
      ),
  ],
  ['Unit tests', vitest],
  ['Build', async () => check(await build())],
  ['Journeys', playwright],
  ['Firefox', firefox],
];

async function runSections() {
  const reports = mkdtempSync(join(tmpdir(), 'equalization-studio-'));
  const results = [];
  for (const [name, section] of SECTIONS) {
    console.log(`\n── ${name} ──`);
    const started = performance.now();
    const counts = await section(reports);
    results.push({ name, counts, seconds: (performance.now() - started) / 1000 });
  }
  rmSync(reports, { recursive: true });
  return results;
}

requireNode();
await installDependencies();
process.env.CHROMIUM_PATH = await findBrowser();
console.log(`Browser: ${process.env.CHROMIUM_PATH}`);
const results = await runSections();

console.log('');
for (const { name, counts, seconds } of results)
  console.log(`${counts.failed === 0 ? 'ok    ' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)`);
for (const { failures, flaky = [] } of results.map(({ counts }) => counts)) {
  for (const failure of failures) console.log(`✗ ${failure}`);
  for (const failure of flaky) console.log(`~ passed only at the second try: ${failure}`);
}
const sum = total(results.map(({ counts }) => counts));
if (sum.skipped > 0) console.log(`${sum.skipped} skipped`);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exit(sum.failed === 0 ? 0 : 1);
