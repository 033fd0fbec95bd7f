import * as Comlink from 'comlink';
import { inTask } from '../inTask';
import type { EngineApi, Outcome } from './api';
import type { ProjectsApi } from './projects/api';
import { beginWorker, type Running } from './runningWorker';
import { transferViews } from './viewTransfer';

/** The engine's worker as the page holds it. */
export interface EngineClient {
  readonly engine: EngineApi;
  /** Calls back when the worker has ended without being told to. Another one stands ready, to be started. */
  onStop(report: (reason: string) => void): void;
}

type Remote = Comlink.Remote<EngineApi>;
/** Asks the worker that runs; one that ends before it has answered has stopped. */
type Ask = <T>(call: (remote: Remote) => Promise<Outcome<T>>) => Promise<Outcome<T>>;

const openingCalls = (ask: Ask) =>
  ({
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
  }) satisfies Partial<EngineApi>;

const runningCalls = (ask: Ask, now: () => Remote) =>
  ({
    run: (step, settings, onProgress) =>
      ask((remote) => remote.run(step, settings, Comlink.proxy(onProgress))),
    compareMethods: (settings, onProgress) =>
      ask((remote) => remote.compareMethods(settings, Comlink.proxy(onProgress))),
    advise: (settings, onProgress) => ask((remote) => remote.advise(settings, Comlink.proxy(onProgress))),
    checkRuntime: (onProgress) => ask((remote) => remote.checkRuntime(Comlink.proxy(onProgress))),
    configure: (settings) => ask((remote) => remote.configure(settings)),
    cancel: () => now().cancel(),
    cancelPlayback: () => now().cancelPlayback(),
  }) satisfies Partial<EngineApi>;

const lookingCalls = (ask: Ask) =>
  ({
    readLayers: () => ask((remote) => remote.readLayers()),
    inspect: (step, node, form) => ask((remote) => remote.inspect(step, node, form)),
    exportFile: (kind, step, form) => ask((remote) => remote.exportFile(kind, step, form)),
    playback: (step, form, onProgress) =>
      ask((remote) => remote.playback(step, form, Comlink.proxy(onProgress))),
    explain: (step, form, change, part) => ask((remote) => remote.explain(step, form, change, part)),
    tensors: (step, node) => ask((remote) => remote.tensors(step, node)),
    countValues: (step, tensor, onProgress) =>
      ask((remote) => remote.countValues(step, tensor, Comlink.proxy(onProgress))),
    weightMap: (step, node, window, size) => ask((remote) => remote.weightMap(step, node, window, size)),
  }) satisfies Partial<EngineApi>;

const projectsCalls = (ask: Ask, now: () => Remote): ProjectsApi => ({
  recall: (state) => ask((remote) => remote.recall(state)),
  stateGraphs: (states) => ask((remote) => remote.stateGraphs(states)),
  keepStates: (states) => now().keepStates(states),
  saveProject: (page, kept) => ask((remote) => remote.saveProject(page, kept)),
  listProjects: () => ask((remote) => remote.listProjects()),
  openProject: (id) => ask((remote) => remote.openProject(id)),
  renameProject: (id, name) => ask((remote) => remote.renameProject(id, name)),
  duplicateProject: (id) => ask((remote) => remote.duplicateProject(id)),
  deleteProject: (id) => ask((remote) => remote.deleteProject(id)),
  closeProject: () => ask((remote) => remote.closeProject()),
  projectFile: (page, kept) => ask((remote) => remote.projectFile(page, kept)),
  openProjectFile: (file) => ask((remote) => remote.openProjectFile(file)),
});

/** Starts the worker that owns model, tensors and GPU. Progress callbacks cross the border as Comlink proxies. */
export function connectEngine(): EngineClient {
  transferViews();
  let report: (reason: string) => void = () => {};
  const restart = (_: Running, reason: string) => {
    running = beginWorker(restart);
    report(reason);
  };
  let running = beginWorker(restart);
  const now = () => running.remote;
  // Reading a large answer's message takes its time: what is done with it is another task.
  const ask: Ask = async (call) => {
    const outcome = await Promise.race([call(running.remote), running.ended]);
    await new Promise<void>(inTask);
    return outcome;
  };
  const start: EngineApi['start'] = async (backend, onMove) => {
    const { watch } = running;
    const outcome = await ask((remote) => remote.start(backend, Comlink.proxy(onMove)));
    if (outcome.ok) watch();
    return outcome;
  };
  return {
    engine: {
      start,
      ...openingCalls(ask),
      ...runningCalls(ask, now),
      ...lookingCalls(ask),
      ...projectsCalls(ask, now),
    },
    onStop: (listener) => {
      report = listener;
    },
  };
}
