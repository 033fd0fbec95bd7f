import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, npm, ROOT } from './run.mjs';

const readPackages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/**
 * True when node_modules holds what package-lock.json locks. npm writes node_modules/.package-lock.json at the
 * end of an install, so an interrupted one is seen as missing. Optional packages are for other machines.
 */
function installed() {
  const locked = readPackages(join(ROOT, 'package-lock.json'));
  let present;
  try {
    present = readPackages(join(ROOT, 'node_modules', '.package-lock.json'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return false;
    throw error;
  }
  return Object.entries(locked).every(
    ([path, { optional, devOptional, integrity, version }]) =>
      path === '' ||
      optional ||
      devOptional ||
      (present[path]?.version === version && present[path]?.integrity === integrity),
  );
}

/** Installs the locked dependencies when they are missing or stale. */
export async function installDependencies() {
  if (installed()) return;
  console.log('Installing the locked dependencies (npm ci) …');
  // Without dev dependencies (NODE_ENV=production) there would be no Vite to build with.
  const code = await npm(['ci', '--include=dev', '--no-audit', '--no-fund']);
  if (code !== 0)
    fail(`npm ci failed (exit code ${code}): see its message above; it needs the npm registry.`);
}
