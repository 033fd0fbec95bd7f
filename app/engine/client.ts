import * as Comlink from 'comlink';
import type { EngineApi, Outcome } from './api';

/** The engine's worker as the page holds it. */
export interface EngineClient {
  readonly engine: EngineApi;
  /** Calls back when the worker has ended without being told to. Another one stands ready, to be started. */
  onStop(report: (reason: string) => void): void;
}

interface Running {
  readonly remote: Comlink.Remote<EngineApi>;
  /** Resolves when the worker has ended. */
  readonly ended: Promise<Outcome<never>>;
  end(reason: string): void;
  /** From now on its end is noticed, however it comes about. */
  watch(): void;
}

const STOPPED: Outcome<never> = {
  ok: false,
  error: { kind: 'cancelled', message: 'The engine stopped.', node: null },
};

/** A worker holds a lock as long as it lives: the browser tells nobody else that it ended. */
function begin(stopped: (running: Running, reason: string) => void): Running {
  const name = `engine ${crypto.randomUUID()}`;
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name });
  let resolve: (outcome: Outcome<never>) => void = () => {};
  const ended = new Promise<Outcome<never>>((settle) => {
    resolve = settle;
  });
  let isOver = false;
  const running: Running = {
    remote: Comlink.wrap<EngineApi>(worker),
    ended,
    end: (reason) => {
      if (isOver) return;
      isOver = true;
      worker.terminate();
      stopped(running, reason);
      resolve(STOPPED);
    },
    watch: () => {
      if ('locks' in navigator)
        void navigator.locks.request(name, () => running.end('its worker was ended by the browser'));
    },
  };
  worker.addEventListener('error', (event) => running.end(event.message || 'its worker could not be loaded'));
  worker.addEventListener('messageerror', () => running.end('a message from its worker could not be read'));
  return running;
}

/** Starts the worker that owns model, tensors and GPU. Progress callbacks cross the border as Comlink proxies. */
export function connectEngine(): EngineClient {
  let report: (reason: string) => void = () => {};
  const restart = (_: Running, reason: string) => {
    running = begin(restart);
    report(reason);
  };
  let running = begin(restart);

  const ask = <T>(call: (remote: Comlink.Remote<EngineApi>) => Promise<Outcome<T>>): Promise<Outcome<T>> =>
    Promise.race([call(running.remote), running.ended]);

  return {
    engine: {
      start: async (backend) => {
        const { watch } = running;
        const outcome = await ask((remote) => remote.start(backend));
        if (outcome.ok) watch();
        return outcome;
      },
      openModel: (files) => ask((remote) => remote.openModel(files)),
      checkLayers: (plan) => ask((remote) => remote.checkLayers(plan)),
      openLayers: (plan) => ask((remote) => remote.openLayers(plan)),
      openData: (files, onProgress) => ask((remote) => remote.openData(files, Comlink.proxy(onProgress))),
      openCalibration: (files, onProgress) =>
        ask((remote) => remote.openCalibration(files, Comlink.proxy(onProgress))),
      openEvaluation: (files, onProgress) =>
        ask((remote) => remote.openEvaluation(files, Comlink.proxy(onProgress))),
      generateData: (settings) => ask((remote) => remote.generateData(settings)),
      changeImages: (settings, onProgress) =>
        ask((remote) => remote.changeImages(settings, Comlink.proxy(onProgress))),
      dataOptions: () => ask((remote) => remote.dataOptions()),
      imagePreviews: () => ask((remote) => remote.imagePreviews()),
      run: (step, settings, onProgress) =>
        ask((remote) => remote.run(step, settings, Comlink.proxy(onProgress))),
      compareMethods: (settings, onProgress) =>
        ask((remote) => remote.compareMethods(settings, Comlink.proxy(onProgress))),
      advise: (settings, onProgress) => ask((remote) => remote.advise(settings, Comlink.proxy(onProgress))),
      checkRuntime: (onProgress) => ask((remote) => remote.checkRuntime(Comlink.proxy(onProgress))),
      configure: (settings) => ask((remote) => remote.configure(settings)),
      cancel: () => running.remote.cancel(),
      inspect: (step, node, form) => ask((remote) => remote.inspect(step, node, form)),
      exportFile: (kind, step, form) => ask((remote) => remote.exportFile(kind, step, form)),
      playback: (step, form, onProgress) =>
        ask((remote) => remote.playback(step, form, Comlink.proxy(onProgress))),
      cancelPlayback: () => running.remote.cancelPlayback(),
      explain: (step, form, change, part) => ask((remote) => remote.explain(step, form, change, part)),
      recall: (state) => ask((remote) => remote.recall(state)),
      keepStates: (states) => running.remote.keepStates(states),
      saveProject: (page, kept) => ask((remote) => remote.saveProject(page, kept)),
      listProjects: () => ask((remote) => remote.listProjects()),
      openProject: (id) => ask((remote) => remote.openProject(id)),
      renameProject: (id, name) => ask((remote) => remote.renameProject(id, name)),
      duplicateProject: (id) => ask((remote) => remote.duplicateProject(id)),
      deleteProject: (id) => ask((remote) => remote.deleteProject(id)),
      closeProject: () => ask((remote) => remote.closeProject()),
      projectFile: (page, kept) => ask((remote) => remote.projectFile(page, kept)),
      openProjectFile: (file) => ask((remote) => remote.openProjectFile(file)),
      tensors: (step, node) => ask((remote) => remote.tensors(step, node)),
      countValues: (step, tensor, onProgress) =>
        ask((remote) => remote.countValues(step, tensor, Comlink.proxy(onProgress))),
      weightMap: (step, node, window, size) => ask((remote) => remote.weightMap(step, node, window, size)),
    },
    onStop: (listener) => {
      report = listener;
    },
  };
}
