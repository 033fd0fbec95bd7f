import * as tf from '@tensorflow/tfjs-core';
import { threadCount } from '../wasm/threadCount';
import { DeviceError } from '../webgpu/errors';

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

export const startWebgpu = (): Promise<string> =>
  start('webgpu', async () => {
    await import('@tensorflow/tfjs-backend-webgpu');
    // Small tensors would run on the CPU: slower for long chains, and not what the badge says.
    tf.env().set('WEBGPU_CPU_FORWARD', false);
  });

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
export const startWasm = (wasmPaths: WasmPaths): Promise<string> =>
  start(
    'wasm',
    async () => {
      const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      setWasmPaths(typeof wasmPaths === 'string' ? wasmPaths : { ...wasmPaths });
      // Left alone, tfjs takes half the cores: one thread on a machine with two.
      setThreadsCount(threadCount());
    },
    createWasm,
  );

export const startCpu = (): Promise<string> =>
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
