import {
  type BackendView,
  blobSource,
  GraphError,
  type Job,
  openDevice,
  Studio,
  type WasmPaths,
} from '../../src/index';
import type { BackendChoice, EngineApi, Outcome, ProgressListener } from './api';
import { decodeImage } from './decodeImage';
import { Cancelled, failureOf } from './failure';
import { withOnnxRuntime } from './onnxRuntime/client';
import { projectCalls } from './projects/calls';
import { Projects } from './projects/projects';

const sourcesOf = (files: readonly File[]) => files.map((file) => blobSource(file, file.name));

async function outcome<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: failureOf(error) };
  }
}

/** One job at a time: what changes the work must not overlap with another change of it. */
class Turn {
  private running: AbortController | null = null;

  /** Runs a job that can be cancelled; refuses while another one runs. */
  async take<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.running) throw new GraphError('Another job is still running: wait for it, or cancel it.');
    const controller = new AbortController();
    this.running = controller;
    try {
      return await work(controller.signal);
    } finally {
      this.running = null;
    }
  }

  cancel(): void {
    this.running?.abort(new Cancelled());
  }
}

/** Beside the jobs, since it changes nothing: a new request ends the one before it. */
class Newest {
  private running: AbortController | null = null;

  async take<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.cancel();
    const controller = new AbortController();
    this.running = controller;
    try {
      return await work(controller.signal);
    } finally {
      if (this.running === controller) this.running = null;
    }
  }

  cancel(): void {
    this.running?.abort(new Cancelled());
  }
}

/** The engine behind the worker's border: one Studio, one job at a time. A running step can be cancelled. */
export function createEngine(wasmPaths: WasmPaths): EngineApi {
  /** Set by `start`: a file dropped while the device still opens waits for it. */
  let studio: Promise<Studio> | null = null;
  const turn = new Turn();
  const playing = new Newest();

  const ready = (): Promise<Studio> => {
    if (!studio) throw new Error('the engine was used before it was started.');
    return studio;
  };
  const look = <T>(work: (studio: Studio) => T | Promise<T>) => outcome(async () => work(await ready()));
  const change = <T>(work: (studio: Studio, signal: AbortSignal) => T | Promise<T>) =>
    outcome(() => turn.take(async (signal) => work(await ready(), signal)));

  const projects = new Projects(ready);
  /** What a plan of layers would be for. */
  let offered: readonly File[] = [];

  const read = <T>(listener: ProgressListener, work: (studio: Studio, job: Job) => Promise<T>) =>
    change((s, signal) => work(s, { signal, progress: throttled(listener) }));

  return {
    start: (backend) =>
      outcome(async () => {
        const opening = openBackend(backend, wasmPaths);
        studio = opening.then((view) => new Studio(view, decodeImage));
        await studio;
        return opening;
      }),
    openModel: (files) =>
      change(async (s) => {
        offered = files;
        const view = await s.openModel(sourcesOf(files));
        await projects.modelOpened(files, null);
        return view;
      }),
    checkLayers: (plan) => look((s) => s.checkLayers(plan)),
    openLayers: (plan) =>
      change(async (s) => {
        const view = await s.openLayers(plan);
        await projects.modelOpened(offered, plan);
        return view;
      }),
    openData: (files, onProgress) => read(onProgress, (s, job) => s.openData(sourcesOf(files), job)),
    openCalibration: (files, onProgress) =>
      read(onProgress, (s, job) => s.openCalibration(sourcesOf(files), job)),
    openEvaluation: (files, onProgress) =>
      read(onProgress, (s, job) => s.openEvaluation(sourcesOf(files), job)),
    generateData: (settings) => change((s) => s.generateData(settings)),
    changeImages: (settings, onProgress) => read(onProgress, (s, job) => s.changeImages(settings, job)),
    dataOptions: () => look((s) => s.dataOptions()),
    imagePreviews: () => look((s) => s.imagePreviews()),
    configure: (settings) => change((s) => s.configure(settings)),
    run: (step, settings, onProgress) =>
      change((s, signal) => s.run(step, settings, { signal, progress: throttled(onProgress) })),
    compareMethods: (settings, onProgress) =>
      change((s, signal) => s.compareMethods(settings, { signal, progress: throttled(onProgress) })),
    advise: (settings, onProgress) =>
      change((s, signal) => s.advise(settings, { signal, progress: throttled(onProgress) })),
    checkRuntime: (onProgress) =>
      change((s, signal) =>
        withOnnxRuntime(signal, (runtime) =>
          s.checkRuntime(runtime, { signal, progress: throttled(onProgress) }),
        ),
      ),
    cancel: async () => turn.cancel(),
    inspect: (step, node, form) => look((s) => s.inspect(step, node, form)),
    tensors: (step, node) => look((s) => s.tensors(step, node)),
    countValues: (step, tensor, onProgress) => read(onProgress, (s, job) => s.countValues(step, tensor, job)),
    weightMap: (step, node, window, size) => look((s) => s.weightMap(step, node, window, size)),
    playback: (step, form, onProgress) =>
      look((s) =>
        playing.take((signal) => s.playback(step, form, { signal, progress: throttled(onProgress) })),
      ),
    cancelPlayback: async () => playing.cancel(),
    explain: (step, form, change, part) => look((s) => s.explain(step, form, change, part)),
    exportFile: (kind, step, form) => look((s) => s.exportFile(kind, step, form)),
    ...projectCalls(projects, { look, change }),
  };
}

async function openBackend(force: BackendChoice, wasmPaths: WasmPaths): Promise<BackendView> {
  const { backend: name, adapter, label } = await openDevice({ force, wasmPaths });
  return { name, adapter, label };
}

/** A message per batch would flood the page: one in 50 ms, and every change of phase. */
function throttled(listener: ProgressListener): ProgressListener {
  let last = 0;
  let lastPhase = '';
  return (phase, done, total) => {
    const now = performance.now();
    if (phase === lastPhase && now - last < 50) return;
    last = now;
    lastPhase = phase;
    listener(phase, done, total);
  };
}
