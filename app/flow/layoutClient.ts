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

interface Asked {
  readonly request: LayoutRequest;
  readonly layout: Promise<SceneLayout>;
}

/** The layout worker, started when first needed. A layout that nobody waits for is ended with its worker. */
export class LayoutClient {
  private running: Running | null = null;
  private busy = 0;
  /** What the worker was asked for last. */
  private asked: Asked | null = null;
  private begun: Asked | null = null;

  /** Loads the worker's script while the model is still being read. */
  startEarly(): void {
    this.running ??= start();
  }

  /** Begins a layout that will be asked for: the next request gets it if it is the same. One that is under way is that already. */
  begin(request: LayoutRequest): Promise<SceneLayout> {
    const { asked } = this;
    if (this.busy > 0 && asked !== null && sameLayout(asked.request, request)) return asked.layout;
    const layout = this.ask(request);
    // Whoever asks for it hears of its failure.
    layout.catch(() => undefined);
    this.begun = { request, layout };
    return layout;
  }

  layout(request: LayoutRequest): Promise<SceneLayout> {
    const { begun } = this;
    this.begun = null;
    return begun !== null && sameLayout(begun.request, request) ? begun.layout : this.ask(request);
  }

  private ask(request: LayoutRequest): Promise<SceneLayout> {
    if (this.busy > 0) this.cancel();
    this.begun = null;
    const layout = this.run(request);
    this.asked = { request, layout };
    return layout;
  }

  private async run(request: LayoutRequest): Promise<SceneLayout> {
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
    this.asked = null;
    this.busy = 0;
  }
}

/** The page's one layout worker. */
export const layouts = new LayoutClient();
