import * as tf from '@tensorflow/tfjs-core';
import { type AdapterFound, findAdapter } from '../webgpu/adapter';
import { registerChannelStats } from '../webgpu/channelStats/channelStats';
import { DeviceError } from '../webgpu/errors';
import { registerHistogram } from '../webgpu/histogram/histogram';
import { watchDevice } from '../webgpu/queue';

/** What a device that is missing, refuses or fails throws. */
export { DeviceError, GpuFailure } from '../webgpu/errors';
export { readValues } from '../webgpu/queue';

export type BackendName = 'webgpu' | 'wasm' | 'cpu';

/** Where the three binaries of tfjs' WASM backend are: a directory that ends in `/`, or each one's address. */
export type WasmPaths =
  | string
  | Readonly<
      Record<
        'tfjs-backend-wasm.wasm' | 'tfjs-backend-wasm-simd.wasm' | 'tfjs-backend-wasm-threaded-simd.wasm',
        string
      >
    >;

export interface DeviceOptions {
  /** The backend to use whatever the machine has; null lets the machine decide. */
  readonly force: BackendName | null;
  readonly wasmPaths: WasmPaths;
}

/** What runs the model. tfjs holds it as its current backend; there is one per thread. */
export interface Device {
  readonly backend: BackendName;
  /** The adapter's name, or why there is none. */
  readonly adapter: string;
  /** The badge's text: `WebGPU · NVIDIA …`, `WASM: no GPU`. */
  readonly label: string;
}

const messageOf = (error: unknown): string => {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
};

/**
 * Starts the backend and registers the kernels: hardware WebGPU, else WASM (a software adapter multiplies matrices
 * 60 times slower than WASM does), else the plain CPU; the label says why. Works in a page, a worker and in Node
 * (WASM and CPU). Throws a DeviceError with the reason when a forced backend cannot start.
 */
export async function openDevice({ force, wasmPaths }: DeviceOptions): Promise<Device> {
  registerChannelStats();
  registerHistogram();
  if (force !== null) return openForced(force, wasmPaths);
  const found = await findAdapter();
  let reason = found.kind === 'none' ? shortReason(found.reason) : `software GPU only (${found.name})`;
  if (found.kind === 'hardware') {
    try {
      return await openWebgpu(found);
    } catch (error) {
      reason = `${found.name} failed (${messageOf(error)})`;
    }
  }
  return openHost(found, reason, wasmPaths);
}

/** WASM, else the plain CPU; the label says why no GPU is used. */
async function openHost(found: AdapterFound, reason: string, wasmPaths: WasmPaths): Promise<Device> {
  const adapter = found.kind === 'none' ? found.reason : found.name;
  try {
    return { backend: 'wasm', adapter, label: `WASM: ${reason}${await startWasm(wasmPaths)}` };
  } catch (error) {
    await startCpu();
    return { backend: 'cpu', adapter, label: `CPU: ${reason}; WASM failed (${messageOf(error)})` };
  }
}

/**
 * Opens another device in the place of a GPU's that failed, which takes all its tensors along: one of the GPU again where
 * `onGpu` says so and the browser gives one, else WASM or the CPU, whose label has `reason`.
 */
export async function replaceGpuDevice(
  wasmPaths: WasmPaths,
  onGpu: boolean,
  reason: string,
): Promise<Device> {
  tf.removeBackend('webgpu');
  const found = await findAdapter();
  if (!onGpu || found.kind === 'none') return openHost(found, reason, wasmPaths);
  try {
    return await openWebgpu(found);
  } catch (error) {
    return openHost(found, `${reason}, and is refused (${messageOf(error)})`, wasmPaths);
  }
}

/** The badge need not tell a browser without WebGPU from a machine without a GPU; the adapter field does. */
const shortReason = (reason: string): string => (reason.startsWith('WebGPU refused') ? reason : 'no GPU');

async function openForced(force: BackendName, wasmPaths: WasmPaths): Promise<Device> {
  try {
    switch (force) {
      case 'webgpu':
        return await openWebgpu(await findAdapter());
      case 'wasm':
        return {
          backend: 'wasm',
          adapter: 'not asked for',
          label: `WASM: as chosen${await startWasm(wasmPaths)}`,
        };
      case 'cpu':
        await startCpu();
        return { backend: 'cpu', adapter: 'not asked for', label: 'CPU: as chosen' };
      default:
        return force satisfies never;
    }
  } catch (error) {
    throw new DeviceError(
      `The ${force} backend was asked for and cannot start: ${messageOf(error)}. Choose another backend or leave the choice to the studio.`,
    );
  }
}

async function openWebgpu(found: AdapterFound): Promise<Device> {
  if (found.kind === 'none') throw new DeviceError(found.reason);
  await start('webgpu', async () => {
    await import('@tensorflow/tfjs-backend-webgpu');
    // Small tensors would run on the CPU: slower for long chains, and not what the badge says.
    tf.env().set('WEBGPU_CPU_FORWARD', false);
  });
  watchDevice();
  const label = found.kind === 'software' ? `WebGPU · ${found.name} (software)` : `WebGPU · ${found.name}`;
  return { backend: 'webgpu', adapter: found.name, label };
}

/** More threads than this wait for each other longer than they compute. */
const MAX_THREADS = 8;

/** Threads that are not there by then never come: starting them takes a tenth of a second, on a busy machine a second. */
const THREADS_START_MS = 20_000;

/** The backend with its threads; where these do not come up, which Firefox now and then keeps waiting for, without. */
async function createWasm(factory: BackendFactory): Promise<CreatedBackend> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), THREADS_START_MS);
  });
  const threaded = factory();
  try {
    const backend = await Promise.race([threaded, late]);
    if (backend !== null) return { backend, note: '' };
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    return { backend: await factory(), note: '; its threads did not start' };
  } finally {
    clearTimeout(timer);
  }
}

/** Gives what the badge has to add. */
const startWasm = (wasmPaths: WasmPaths): Promise<string> =>
  start(
    'wasm',
    async () => {
      const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      setWasmPaths(typeof wasmPaths === 'string' ? wasmPaths : { ...wasmPaths });
      // Left alone, tfjs takes half the cores: one thread on a machine with two.
      setThreadsCount(Math.min(MAX_THREADS, globalThis.navigator?.hardwareConcurrency ?? 1));
    },
    createWasm,
  );

const startCpu = (): Promise<string> =>
  start('cpu', async () => {
    await import('@tensorflow/tfjs-backend-cpu');
  });

/** How a backend is made, by its package: tfjs forgets it with the backend that was made. */
type BackendFactory = () => ReturnType<NonNullable<ReturnType<typeof tf.findBackendFactory>>>;
const factories = new Map<BackendName, BackendFactory>();

interface CreatedBackend {
  readonly backend: Awaited<ReturnType<BackendFactory>>;
  /** What the badge says besides. */
  readonly note: string;
}

const createPlainly = async (factory: BackendFactory): Promise<CreatedBackend> => ({
  backend: await factory(),
  note: '',
});

async function factoryOf(name: BackendName, load: () => Promise<void>): Promise<BackendFactory> {
  const known = factories.get(name);
  if (known) return known;
  await load();
  const factory = tf.findBackendFactory(name);
  if (!factory) throw new DeviceError(`tfjs has no ${name} backend here`);
  factories.set(name, factory);
  return factory;
}

/** Loads a backend's package and makes it tfjs' current backend. tf.setBackend alone would swallow the reason of a failure. */
async function start(
  name: BackendName,
  load: () => Promise<void>,
  create: (factory: BackendFactory) => Promise<CreatedBackend> = createPlainly,
): Promise<string> {
  let note = '';
  if (tf.findBackend(name) === null) {
    const created = await create(await factoryOf(name, load));
    note = created.note;
    // Its package has registered it; one that was removed before is not there.
    if (tf.findBackendFactory(name)) tf.removeBackend(name);
    tf.registerBackend(name, () => created.backend);
  }
  if (!(await tf.setBackend(name))) throw new DeviceError(`tfjs refuses its ${name} backend`);
  return note;
}
