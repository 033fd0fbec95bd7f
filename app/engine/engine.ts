import { type BackendView, blobSource, openDevice, Studio, type WasmPaths } from '../../src/index';
import type { EngineApi, Outcome, ProgressListener } from './api';
import { Cancelled, failureOf } from './failure';

const sourcesOf = (files: readonly File[]) => files.map((file) => blobSource(file, file.name));

async function outcome<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: failureOf(error) };
  }
}

/** The engine behind the worker's border: one Studio, one job at a time, cancel at any moment. */
export function createEngine(wasmPaths: WasmPaths): EngineApi {
  /** Set by `start`: a file dropped while the device still opens waits for it. */
  let studio: Promise<Studio> | null = null;
  let running: AbortController | null = null;

  const ready = (): Promise<Studio> => {
    if (!studio) throw new Error('the engine was used before it was started.');
    return studio;
  };

  async function runJob<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (running) throw new Error('a job is still running.');
    const controller = new AbortController();
    running = controller;
    try {
      return await work(controller.signal);
    } finally {
      running = null;
    }
  }

  return {
    start: (backend) =>
      outcome(async () => {
        const opening = openDevice({ force: backend, wasmPaths }).then(
          ({ backend: name, adapter, label }): BackendView => ({ name, adapter, label }),
        );
        studio = opening.then((view) => new Studio(view));
        await studio;
        return opening;
      }),
    openModel: (files) => outcome(async () => (await ready()).openModel(sourcesOf(files))),
    openCalibration: (files) => outcome(async () => (await ready()).openCalibration(sourcesOf(files))),
    openEvaluation: (files) => outcome(async () => (await ready()).openEvaluation(sourcesOf(files))),
    run: (step, settings, onProgress) =>
      outcome(() =>
        runJob(async (signal) =>
          (await ready()).run(step, settings, { signal, progress: throttled(onProgress) }),
        ),
      ),
    configure: (settings) => outcome(async () => (await ready()).configure(settings)),
    cancel: async () => running?.abort(new Cancelled()),
    inspect: (step, node) => outcome(async () => (await ready()).inspect(step, node)),
    exportFile: (kind, step) => outcome(async () => (await ready()).exportFile(kind, step)),
  };
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
