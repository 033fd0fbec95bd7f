// node e2e/conformance/run.mjs [--write] [--backend=cpu|wasm] [PATTERN]: runs ONNX's test data through the interpreter.
// Without a pattern it also compares the table with docs/conformance.md, or writes it.
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withModule } from '../loadModule.mjs';

/** A case that takes longer hangs. */
const PATIENCE_MS = 60_000;
const PAGE = new URL('../../docs/conformance.md', import.meta.url);

const args = process.argv.slice(2);
const pattern = args.find((arg) => !arg.startsWith('--')) ?? '';
const backend = args.find((arg) => arg.startsWith('--backend='))?.slice('--backend='.length) ?? 'cpu';

/** Runs cases until the child ends, hangs or dies; says where to go on, or null. */
function runFrom(first, results) {
  const child = fork(fileURLToPath(new URL('child.mjs', import.meta.url)), [String(first), backend, pattern]);
  return new Promise((resolve) => {
    let current = null;
    let timer = null;
    child.on('message', (message) => {
      clearTimeout(timer);
      if ('begun' in message) {
        current = message.begun;
        timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
        return;
      }
      results.set(message.ended, message.result);
      current = null;
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      if (current === null && code === 0) return resolve(null);
      if (current === null) throw new Error(`The process that runs the cases ended with code ${code}.`);
      results.set(current, { crashed: current });
      resolve(current + 1);
    });
  });
}

const results = new Map();
for (let next = 0; next !== null; ) next = await runFrom(next, results);

await withModule('/e2e/conformance/table.ts', ({ conformancePage, verdict, named }) => {
  const all = [...results.entries()].map(([at, result]) => named(at, result));
  if (pattern !== '') {
    for (const { name, status, message, inputs } of all)
      console.log(`${status} ${name} (${inputs} inputs) ${message}`);
    return;
  }
  const page = conformancePage(all);
  const { passed, failed, problems } = verdict(all);
  if (args.includes('--write')) writeFileSync(PAGE, page);
  else if (readFileSync(PAGE, 'utf8') !== page)
    problems.push('docs/conformance.md is not what this run gives: node e2e/conformance/run.mjs --write');
  for (const problem of problems) console.error(problem);
  console.log(`${passed} passed, ${failed + problems.length} failed`);
  process.exitCode = failed + problems.length === 0 ? 0 : 1;
});
