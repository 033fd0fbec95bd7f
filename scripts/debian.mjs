import { existsSync } from 'node:fs';
import { run } from './run.mjs';

/** Installs a package of Debian's, where this is Debian and we may install packages; else it does nothing. */
export async function installDebians(name) {
  if (!existsSync('/etc/debian_version')) return;
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const aptGet = (...args) => {
    const [program, ...rest] = [...prefix, 'apt-get', ...args];
    return run(program, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: 240_000 });
  };
  console.log(`Installing Debian’s ${name} package …`);
  if ((await aptGet('update', '-qq')) === 0) await aptGet('install', '-y', '-qq', name);
}
