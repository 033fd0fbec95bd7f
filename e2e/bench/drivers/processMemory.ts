import { existsSync, readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';

const SAMPLE_MS = 25;

/** Whether this machine tells what memory a process holds: Linux does. */
export const canMeasureMemory = (): boolean => existsSync('/proc/self/status');

/** Bytes of a process that are its own: anonymous memory (heaps, WASM) and shared memory that it maps (Blobs). */
function ownBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1024;
}

/** The process of the page that is open: the largest, as others are spare. */
async function rendererOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const [largest] = renderers.toSorted((a, b) => ownBytes(b) - ownBytes(a));
  if (largest === undefined) throw new Error('internal: the browser has no page.');
  return largest;
}

export interface MemoryWatch {
  /** The most that the page held above its baseline since the last call, in bytes. */
  take(): number;
  stop(): void;
}

/** Watches the page's process; what it holds now is the baseline. */
export async function watchMemory(browser: Browser): Promise<MemoryWatch> {
  const pid = await rendererOf(browser);
  const baseline = ownBytes(pid);
  let peak = baseline;
  const look = () => {
    peak = Math.max(peak, ownBytes(pid));
  };
  const timer = setInterval(look, SAMPLE_MS);
  return {
    take: () => {
      look();
      const seen = peak - baseline;
      peak = ownBytes(pid);
      return seen;
    },
    stop: () => clearInterval(timer),
  };
}
