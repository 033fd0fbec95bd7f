import { execFileSync } from 'node:child_process';
import { arch, cpus, platform, release, totalmem } from 'node:os';

/** One line about the machine that figures were measured on. */
export function machineLine(executablePath: string): string {
  const [cpu] = cpus();
  const browser = execFileSync(executablePath, ['--version']).toString().trim().split('\n')[0];
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  const system = `${platform()} ${release()} ${arch()}`;
  return [
    `${cpu?.model ?? 'unknown CPU'}, ${cpus().length} cores`,
    memory,
    system,
    browser,
    `Node ${process.version}`,
  ].join('; ');
}
