/** More threads than this wait for each other longer than they compute; build/threadedWasm.ts has as many in tfjs' pool. */
const MAX_THREADS = 8;

/** How many threads compute, here and in tfjs: one a core. */
export const threadCount = (): number =>
  Math.min(MAX_THREADS, globalThis.navigator?.hardwareConcurrency ?? 1);
