import * as Comlink from 'comlink';
import type { BenchWorker } from './worker';

declare global {
  interface Window {
    /** What the bench's drivers call; all of it runs in a worker, as in the studio. */
    bench?: Comlink.Remote<BenchWorker>;
  }
}

window.bench = Comlink.wrap<BenchWorker>(
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
);
