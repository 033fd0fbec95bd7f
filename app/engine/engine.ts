import {
  type BackendView,
  type ByteSource,
  type Device,
  type DeviceMove,
  type DevicePlan,
  type Job,
  planDevice,
  type SteadyDevice,
  Studio,
  steadyDevice,
  type WasmPaths,
  warmUpOpening,
} from '../../src/index';
import type { EngineApi, MoveListener, Outcome, ProgressListener } from './api';
import { decodeImage } from './decodeImage';
import { failureOf } from './failure';
import { withOnnxRuntime } from './onnxRuntime/client';
import { sourcesOf } from './openedFiles';
import { projectCalls } from './projects/calls';
import { Projects } from './projects/projects';
import { Newest, Turn } from './turns';

async function outcome<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: failureOf(error) };
  }
}

/** How the engine runs its calls. */
interface Ways {
  /** Beside a job. */
  look<T>(work: (studio: Studio) => T | Promise<T>): Promise<Outcome<T>>;
  /** In its turn, without progress. */
  change<T>(work: (studio: Studio) => T | Promise<T>): Promise<Outcome<T>>;
  /** In its turn; a model is open from then on. */
  open<T>(work: (studio: Studio) => T | Promise<T>): Promise<Outcome<T>>;
  /** In its turn; tells how far it is and can be cancelled. */
  work<T>(listener: ProgressListener, work: (studio: Studio, job: Job) => Promise<T>): Promise<Outcome<T>>;
}

/* Calls by what they are for. The engine has all of them, which its type holds it to. */

function openingCalls({ look, change, open, work }: Ways, projects: Projects) {
  /** What a plan of layers would be for. */
  let offered: readonly ByteSource[] = [];
  return {
    openModel: (files) =>
      open(async (s) => {
        offered = await sourcesOf(files);
        const view = await s.openModel(offered);
        await projects.modelOpened(offered, null);
        return view;
      }),
    checkLayers: (plan) => look((s) => s.checkLayers(plan)),
    openLayers: (plan) =>
      open(async (s) => {
        const view = await s.openLayers(plan);
        await projects.modelOpened(offered, plan);
        return view;
      }),
    openData: (files, onProgress) =>
      work(onProgress, async (s, job) => s.openData(await sourcesOf(files), job)),
    openCalibration: (files, onProgress) =>
      work(onProgress, async (s, job) => s.openCalibration(await sourcesOf(files), job)),
    openEvaluation: (files, onProgress) =>
      work(onProgress, async (s, job) => s.openEvaluation(await sourcesOf(files), job)),
    generateData: (settings) => change((s) => s.generateData(settings)),
    changeImages: (settings, onProgress) => work(onProgress, (s, job) => s.changeImages(settings, job)),
    dataOptions: () => look((s) => s.dataOptions()),
    imagePreviews: () => look((s) => s.imagePreviews()),
  } satisfies Partial<EngineApi>;
}

function lookingCalls({ look, work }: Ways) {
  const playing = new Newest();
  return {
    readLayers: () => look((s) => s.readLayers()),
    inspect: (step, node, form) => look((s) => s.inspect(step, node, form)),
    tensors: (step, node) => look((s) => s.tensors(step, node)),
    countValues: (step, tensor, onProgress) => work(onProgress, (s, job) => s.countValues(step, tensor, job)),
    weightMap: (step, node, window, size) => look((s) => s.weightMap(step, node, window, size)),
    playback: (step, form, onProgress) =>
      look((s) =>
        playing.take((signal) => s.playback(step, form, { signal, progress: throttled(onProgress) })),
      ),
    cancelPlayback: async () => playing.cancel(),
    explain: (step, form, change, part) => look((s) => s.explain(step, form, change, part)),
    exportFile: (kind, step, form) => look((s) => s.exportFile(kind, step, form)),
  } satisfies Partial<EngineApi>;
}

/** The ways of running calls on a Studio; a model that was opened is followed by what opens the device. */
function waysTo(ready: () => Promise<Studio>, turn: Turn, openDevice: () => void): Ways {
  const change: Ways['change'] = (work) => outcome(() => turn.take(async () => work(await ready())));
  return {
    look: (work) => outcome(async () => work(await ready())),
    change,
    open: async (work) => {
      const opened = await change(work);
      if (opened.ok) setTimeout(openDevice, FIRST_PICTURE_MS);
      return opened;
    },
    work: (listener, work) =>
      outcome(() =>
        turn.take(async (signal) => work(await ready(), { signal, progress: throttled(listener) })),
      ),
  };
}

/** The page draws the model meanwhile: on few cores, the threads of WASM would start at its expense. */
const FIRST_PICTURE_MS = 1000;

/** The engine behind the worker's border: one Studio, one job at a time. A running step can be cancelled. */
export function createEngine(wasmPaths: WasmPaths): EngineApi {
  /** Set by `start`: a file dropped while the device still opens waits for it. */
  let studio: Promise<Studio> | null = null;
  const turn = new Turn();
  const ready = (): Promise<Studio> => {
    if (!studio) throw new Error('the engine was used before it was started.');
    return studio;
  };
  const projects = new Projects(ready);
  let device: SteadyDevice | null = null;
  /** The first step need not wait for the device. What fails here fails for that step, which says so. */
  const openDevice = () => void device?.open().catch(() => undefined);
  const ways = waysTo(ready, turn, openDevice);
  const { change, work } = ways;
  return {
    start: (backend, onMove) =>
      outcome(async () => {
        const planning = planDevice({ force: backend, wasmPaths });
        const starting = planning.then((plan) => studioOn(plan, wasmPaths, onMove));
        studio = starting.then((started) => started.studio);
        device = (await starting).device;
        // Where its script does not come, the user's own file will say so.
        setTimeout(() => void warmUpOpening().catch(() => undefined));
        return backendOf((await planning).device);
      }),
    configure: (settings) => change((s) => s.configure(settings)),
    run: (step, settings, onProgress) => work(onProgress, (s, job) => s.run(step, settings, job)),
    compareMethods: (settings, onProgress) => work(onProgress, (s, job) => s.compareMethods(settings, job)),
    advise: (settings, onProgress) => work(onProgress, (s, job) => s.advise(settings, job)),
    checkRuntime: (onProgress) =>
      work(onProgress, (s, job) => withOnnxRuntime(job.signal, (runtime) => s.checkRuntime(runtime, job))),
    cancel: async () => turn.cancel(),
    ...openingCalls(ways, projects),
    ...lookingCalls(ways),
    ...projectCalls(projects, ways),
  };
}

const backendOf = ({ backend: name, adapter, label }: Device): BackendView => ({ name, adapter, label });

/** A Studio whose work goes on on another device where the GPU fails; the page hears of it. */
function studioOn(plan: DevicePlan, wasmPaths: WasmPaths, onMove: MoveListener) {
  const moved = ({ device, kind, reason }: DeviceMove) => {
    const backend = backendOf(device);
    if (kind !== 'idle') studio.movedTo(backend);
    onMove({ backend, kind, reason });
  };
  const device = steadyDevice({ plan, wasmPaths, moved });
  const studio = new Studio(backendOf(plan.device), decodeImage, device.run);
  return { studio, device };
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
