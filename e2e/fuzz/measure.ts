import { GCProfiler, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FormatError } from '../../src/formats/errors';
import { GraphError, UnsupportedOpError } from '../../src/graph/errors';

/** What opening a hostile file may take: CPU time, as other processes must not count. */
export const MAX_MS = 1000;
/** Under `npm test` another file shares the core's caches, and processor time with it: a hang takes far longer still. */
const ALLOWED_MS = process.env.VITEST ? 3 * MAX_MS : MAX_MS;
export const maxBytes = (input: number): number => 4 * input + 64 * 2 ** 20;

/** What an attempt to open came to. */
export interface Attempt {
  /** Null when the files opened. */
  readonly refusal: string | null;
  /** Milliseconds of CPU time. */
  readonly ms: number;
  /** A bound of what was in use at once beyond what was before: bytes of the heap and of array buffers. */
  readonly bytes: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

interface HeapUse {
  readonly usedHeapSize: number;
  readonly externalMemory: number;
}
const inUse = ({ usedHeapSize, externalMemory }: HeapUse): number => usedHeapSize + externalMemory;

function inUseNow(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** Node's types leave out that `stop` gives a report. */
interface Collection {
  readonly beforeGC: { readonly heapStatistics: HeapUse };
  readonly afterGC: { readonly heapStatistics: HeapUse };
}
const collectionsOf = (profiler: GCProfiler): readonly Collection[] => {
  const report: { readonly statistics: readonly Collection[] } | undefined = profiler.stop();
  return report?.statistics ?? [];
};

/** Errors of these kinds tell the user something; any other is a fault of the studio. */
const isRefusal = (error: unknown): error is Error =>
  (error instanceof FormatError || error instanceof UnsupportedOpError || error instanceof GraphError) &&
  !error.message.includes('internal:');

async function refusalOf(open: () => Promise<unknown>): Promise<string | null> {
  try {
    await open();
    return null;
  } catch (error) {
    if (isRefusal(error)) return error.message;
    throw error;
  }
}

/**
 * Memory shrinks in collections of garbage alone, so that it is largest right before one, or at the end. Two bounds hold:
 * all that was allocated, whether or not it was in use at once, and the largest use minus that of the beginning (which
 * is too small only by garbage of before). After a collection at the beginning there is no such garbage.
 */
function boundOf(before: number, collections: readonly Collection[], isClean: boolean): number {
  const uses = collections.map(({ beforeGC }) => inUse(beforeGC.heapStatistics));
  const largest = Math.max(inUseNow(), ...uses) - before;
  const freed = collections.reduce(
    (sum, { beforeGC, afterGC }) => sum + inUse(beforeGC.heapStatistics) - inUse(afterGC.heapStatistics),
    0,
  );
  const allocated = inUseNow() - before + freed;
  return Math.max(0, isClean ? Math.min(allocated, largest) : allocated);
}

async function once(open: () => Promise<unknown>, isClean: boolean): Promise<Attempt> {
  if (isClean) collectGarbage();
  const before = inUseNow();
  const profiler = new GCProfiler();
  profiler.start();
  const start = process.cpuUsage();
  let refusal: string | null;
  let collections: readonly Collection[];
  try {
    refusal = await refusalOf(open);
  } finally {
    collections = collectionsOf(profiler);
  }
  const { user, system } = process.cpuUsage(start);
  return { refusal, ms: (user + system) / 1000, bytes: boundOf(before, collections, isClean) };
}

const TRIES = 3;

/**
 * Opens files of `input` bytes; throws when that takes too much, or ends in anything but a model, data, or a refusal.
 * A first look at too much may be garbage or the compiler at work: what takes too much does so each time.
 */
export async function attempt(open: () => Promise<unknown>, input: number): Promise<Attempt> {
  let seen = await once(open, false);
  for (let i = 1; i < TRIES && (seen.ms > ALLOWED_MS || seen.bytes > maxBytes(input)); i++) {
    const again = await once(open, true);
    seen = { ...again, ms: Math.min(seen.ms, again.ms), bytes: Math.min(seen.bytes, again.bytes) };
  }
  if (seen.ms > ALLOWED_MS)
    throw new Error(`took ${seen.ms.toFixed(0)} ms; at most ${ALLOWED_MS} are allowed`);
  if (seen.bytes > maxBytes(input))
    throw new Error(`took ${seen.bytes} bytes for ${input}; at most ${maxBytes(input)} are allowed`);
  return seen;
}
