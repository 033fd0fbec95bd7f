import { existsSync, readFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';

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

/** What the page takes so that its process can be told from the browser's spare and own ones. */
const MARK_BYTES = 64 * 2 ** 20;

/** Bytes that are each process' own, by process id. */
type OwnBytes = ReadonlyMap<number, number>;

/** The one process that grew by a mark and not by half of one; a process that was not there before held nothing. */
export function markedProcess(before: OwnBytes, after: OwnBytes, mark: number): number {
  const grown = [...after].filter(([pid, held]) => held - (before.get(pid) ?? 0) >= mark / 2);
  const [found] = grown;
  if (found === undefined || grown.length > 1)
    throw new Error(`${grown.length} processes of the browser grew by the page's mark, not one.`);
  return found[0];
}

async function renderersOf(browser: Browser): Promise<OwnBytes> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  return new Map(renderers.map(({ id }) => [id, ownBytes(id)]));
}

/**
 * The process of a page, which no protocol names: the one in which a piece of memory that the page takes turns up. The page keeps it,
 * so that nothing that follows may take the piece for its own and seem to take less.
 */
async function rendererOf(page: Page): Promise<number> {
  const browser = page.context().browser();
  if (!browser) throw new Error('internal: the page is in no browser.');
  const before = await renderersOf(browser);
  await page.evaluate((size) => {
    Object.assign(window, { memoryMark: new Uint8Array(size).fill(1) });
  }, MARK_BYTES);
  return markedProcess(before, await renderersOf(browser), MARK_BYTES);
}

export interface MemoryWatch {
  /** The most that the page held above its baseline since the last call, in bytes. */
  take(): number;
  stop(): void;
}

/** Watches the page's process; what it holds now is the baseline. */
export async function watchMemory(page: Page): Promise<MemoryWatch> {
  const pid = await rendererOf(page);
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
