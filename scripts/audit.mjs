// `npm run audit`: asks the registry for known vulnerabilities of what is shipped. Exit code 0: none that is high or
// critical; 1: at least one, each named; 2: the registry gave no answer, so nothing is known.
import { spawnSync } from 'node:child_process';
import { ROOT, requireNode } from './run.mjs';

const GRAVE = new Set(['high', 'critical']);
const UNKNOWN = 2;

requireNode();
const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: ROOT,
  encoding: 'utf8',
  timeout: 120_000,
  shell: process.platform === 'win32',
});

/** npm answers in JSON, errors of the registry included; without an answer there is none to read. */
function answer() {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    return { message: error?.message ?? `npm audit printed no JSON: ${cause.message}` };
  }
}

const { vulnerabilities, message = 'no reason given' } = answer();
if (vulnerabilities === undefined) {
  console.error(
    `NOT AUDITED: the registry gives no list of vulnerabilities (${message}). Run npm run audit where it does, before a release.`,
  );
  process.exit(UNKNOWN);
}
const grave = Object.values(vulnerabilities).filter(({ severity }) => GRAVE.has(severity));
for (const { name, severity, range, via } of grave) {
  const titles = via.map((source) => (typeof source === 'string' ? `through ${source}` : source.title));
  console.error(`✗ ${name} ${range}: ${severity}: ${titles.join('; ')}`);
}
console.log(
  `${grave.length} high or critical of ${Object.keys(vulnerabilities).length} known vulnerabilities`,
);
process.exit(grave.length === 0 ? 0 : 1);
