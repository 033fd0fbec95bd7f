import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends the process with one line that says what is wrong and what to do. */
export function fail(line) {
  console.error(line);
  process.exit(1);
}

export function requireNode() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) fail(`Node ${process.versions.node} is too old: install Node 20 or newer (nodejs.org).`);
}

/** Runs a program from the repository's root with its output shown; gives its exit code. */
export function run(program, args, { env = {}, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: timeoutMs,
    });
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs a script of an installed package with this Node, past npx and its shell. */
export const runPackage = (script, args, options) =>
  run(process.execPath, [join(ROOT, 'node_modules', script), ...args], options);

/** npm itself: through the npm that started us where there is one, else by the shell, which Windows needs. */
export function npm(args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args]);
  return process.platform === 'win32' ? run('cmd.exe', ['/d', '/c', 'npm', ...args]) : run('npm', args);
}

/** What a program prints, or null when it is missing or fails. */
export function outputOf(program, args) {
  const result = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 });
  return result.status === 0 ? result.stdout.trim() : null;
}
