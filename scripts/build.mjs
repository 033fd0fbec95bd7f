import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runPackage } from './run.mjs';

const SOURCES = [
  'app',
  'src',
  'build',
  'public',
  'index.html',
  'vite.config.ts',
  'tsconfig.json',
  'package-lock.json',
];
/** Vite empties dist first, so the stamp of a build that failed or was not ours never stays. */
const STAMP = join(ROOT, 'dist', '.sources');

const isTest = (path) => /\.test\.tsx?$/.test(path);

/** Every file that the build reads, in a fixed order. */
function sourceFiles() {
  return SOURCES.flatMap((source) => {
    const path = join(ROOT, source);
    if (!existsSync(path)) return [];
    if (source.includes('.')) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !isTest(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  }).sort();
}

function sourceHash() {
  const hash = createHash('sha256');
  for (const path of sourceFiles())
    hash.update(path.slice(ROOT.length)).update('\0').update(readFileSync(path));
  return hash.digest('hex');
}

/** Builds the page into dist, unless dist was built from these very sources. Gives the exit code. */
export async function build() {
  const hash = sourceHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) {
    console.log('The build is up to date.');
    return 0;
  }
  const code = await runPackage('vite/bin/vite.js', ['build', '--logLevel', 'warn']);
  if (code === 0) writeFileSync(STAMP, hash);
  return code;
}
