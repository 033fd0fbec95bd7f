import * as Comlink from 'comlink';
import type { EngineApi } from './api';

/** The engine's worker as the page holds it. */
export interface EngineClient {
  readonly engine: EngineApi;
  /** Calls back when the worker itself breaks; calls under way will then never answer. */
  onCrash(report: (message: string) => void): void;
}

/** Starts the worker that owns model, tensors and GPU. Progress callbacks cross the border as Comlink proxies. */
export function connectEngine(): EngineClient {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'engine' });
  const remote = Comlink.wrap<EngineApi>(worker);
  return {
    engine: {
      start: (backend) => remote.start(backend),
      openModel: (files) => remote.openModel(files),
      checkLayers: (plan) => remote.checkLayers(plan),
      openLayers: (plan) => remote.openLayers(plan),
      openData: (files, onProgress) => remote.openData(files, Comlink.proxy(onProgress)),
      openCalibration: (files, onProgress) => remote.openCalibration(files, Comlink.proxy(onProgress)),
      openEvaluation: (files, onProgress) => remote.openEvaluation(files, Comlink.proxy(onProgress)),
      generateData: (settings) => remote.generateData(settings),
      changeImages: (settings, onProgress) => remote.changeImages(settings, Comlink.proxy(onProgress)),
      dataOptions: () => remote.dataOptions(),
      imagePreviews: () => remote.imagePreviews(),
      run: (step, settings, onProgress) => remote.run(step, settings, Comlink.proxy(onProgress)),
      compareMethods: (settings, onProgress) => remote.compareMethods(settings, Comlink.proxy(onProgress)),
      advise: (settings, onProgress) => remote.advise(settings, Comlink.proxy(onProgress)),
      checkRuntime: (onProgress) => remote.checkRuntime(Comlink.proxy(onProgress)),
      configure: (settings) => remote.configure(settings),
      cancel: () => remote.cancel(),
      inspect: (step, node, form) => remote.inspect(step, node, form),
      tensors: (step, node) => remote.tensors(step, node),
      countValues: (step, tensor, onProgress) => remote.countValues(step, tensor, Comlink.proxy(onProgress)),
      weightMap: (step, node, window, size) => remote.weightMap(step, node, window, size),
      playback: (step, form) => remote.playback(step, form),
      explain: (step, form, change, part) => remote.explain(step, form, change, part),
      exportFile: (kind, step, form) => remote.exportFile(kind, step, form),
    },
    onCrash: (report) => {
      worker.addEventListener('error', (event) => report(event.message || 'its worker could not be loaded'));
      worker.addEventListener('messageerror', () => report('a message from its worker could not be read'));
    },
  };
}
