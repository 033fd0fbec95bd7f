import * as Comlink from 'comlink';
import type { LayoutRequest, SceneLayout } from './layout';
import { sameLayout } from './sameLayout';

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
class LayoutClient {
  private running: Running | null = null;
  private busy = 0;
  private begun: { readonly request: LayoutRequest; readonly layout: Promise<SceneLayout> } | null = null;

  /** Loads the worker's script while the model is still being read. */
  startEarly(): void {
    this.running ??= start();
  }

  /** Begins a layout that will be asked for: the next request gets it if it is the same. */
  begin(request: LayoutRequest): Promise<SceneLayout> {
    this.begun = null;
    const layout = this.layout(request);
    // Whoever asks for it hears of its failure.
    layout.catch(() => undefined);
    this.begun = { request, layout };
    return layout;
  }

  async layout(request: LayoutRequest): Promise<SceneLayout> {
    const { begun } = this;
    this.begun = null;
    if (begun !== null && sameLayout(begun.request, request)) return begun.layout;
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
    this.begun = null;
    this.busy = 0;
  }
}

/** The page's one layout worker. */
export const layouts = new LayoutClient();
