import * as Comlink from 'comlink';
import type { LayoutRequest, SceneLayout } from './layout';

interface Running {
  readonly worker: Worker;
  readonly layout: (request: LayoutRequest) => Promise<SceneLayout>;
}

function start(): Running {
  const worker = new Worker(new URL('./layoutWorker.ts', import.meta.url), {
    type: 'module',
    name: 'layout',
  });
  return { worker, layout: Comlink.wrap<(request: LayoutRequest) => SceneLayout>(worker) };
}

/** The layout worker, started when first needed. A layout that nobody waits for is ended with its worker. */
export class LayoutClient {
  private running: Running | null = null;
  private busy = 0;

  async layout(request: LayoutRequest): Promise<SceneLayout> {
    if (this.busy > 0) this.cancel();
    this.running ??= start();
    const own = this.running;
    this.busy++;
    try {
      return await own.layout(request);
    } finally {
      if (own === this.running) this.busy--;
    }
  }

  /** Ends the layout under way: its promise stays open for good. */
  cancel(): void {
    this.running?.worker.terminate();
    this.running = null;
    this.busy = 0;
  }
}
