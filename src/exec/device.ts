import * as tf from '@tensorflow/tfjs-core';
import { registerRowProduct } from '../wasm/rowProduct/rowProduct';
import { registerScaledRows } from '../wasm/scaledRows';
import { type AdapterFound, findAdapter } from '../webgpu/adapter';
import { registerChannelStats } from '../webgpu/channelStats/channelStats';
import { DeviceError } from '../webgpu/errors';
import { registerHistogram } from '../webgpu/histogram/histogram';
import { watchDevice } from '../webgpu/queue';
import { dropIdleConstants } from './deviceConstants';
import { type BackendName, startCpu, startWasm, startWebgpu, type WasmPaths } from './tfBackend';

/** What a device that is missing, refuses or fails throws. */
export { DeviceError, GpuFailure } from '../webgpu/errors';
export { readValues } from '../webgpu/queue';

export type { BackendName, WasmPaths };

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

type FoundAdapter = Exclude<AdapterFound, { readonly kind: 'none' }>;

const messageOf = (error: unknown): string => {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
};

/** What will run the model, once there is something to run. */
export interface DevicePlan {
  /** The device as it will be, if it opens. */
  readonly device: Device;
  /** Opens it, at the first call; another one in its place where it does not open, which its label says. */
  open(): Promise<Device>;
}

/**
 * Finds out which device there is: hardware WebGPU, else WASM (a software adapter multiplies matrices 60 times slower
 * than WASM does); the label says why. What a backend needs is loaded when it opens, but one that is forced opens at once:
 * throws a DeviceError with the reason when it cannot start. Works in a page, a worker and in Node (WASM and CPU).
 */
export async function planDevice({ force, wasmPaths }: DeviceOptions): Promise<DevicePlan> {
  registerChannelStats();
  registerHistogram();
  registerRowProduct();
  registerScaledRows();
  if (force !== null) return planned(await openForced(force, wasmPaths), null);
  const found = await findAdapter();
  if (found.kind === 'hardware') return planned(gpuDevice(found), () => openHardware(found, wasmPaths));
  const reason = found.kind === 'none' ? shortReason(found.reason) : `software GPU only (${found.name})`;
  return planned(hostDevice('wasm', found, `WASM: ${reason}`), () => openHost(found, reason, wasmPaths));
}

function planned(device: Device, open: (() => Promise<Device>) | null): DevicePlan {
  let opening: Promise<Device> | null = open ? null : Promise.resolve(device);
  return {
    device,
    open: () => {
      opening ??= open ? open() : Promise.resolve(device);
      // What failed for want of a file may be there next time.
      opening.catch(() => {
        opening = null;
      });
      return opening;
    },
  };
}

/**
 * Opens what `planDevice` finds: hardware WebGPU, else WASM, else the plain CPU; the label says why. Throws a
 * DeviceError with the reason when a forced backend cannot start.
 */
export async function openDevice(options: DeviceOptions): Promise<Device> {
  return (await planDevice(options)).open();
}

/** The GPU, else a device of the processor. */
async function openHardware(found: FoundAdapter, wasmPaths: WasmPaths): Promise<Device> {
  try {
    return await openWebgpu(found);
  } catch (error) {
    return openHost(found, `${found.name} failed (${messageOf(error)})`, wasmPaths);
  }
}

const hostDevice = (backend: 'wasm' | 'cpu', found: AdapterFound, label: string): Device => ({
  backend,
  adapter: found.kind === 'none' ? found.reason : found.name,
  label,
});

/** WASM, else the plain CPU; the label says why no GPU is used. */
async function openHost(found: AdapterFound, reason: string, wasmPaths: WasmPaths): Promise<Device> {
  try {
    return hostDevice('wasm', found, `WASM: ${reason}${await startWasm(wasmPaths)}`);
  } catch (error) {
    await startCpu();
    return hostDevice('cpu', found, `CPU: ${reason}; WASM failed (${messageOf(error)})`);
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
  dropIdleConstants();
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
  await startWebgpu();
  watchDevice();
  return gpuDevice(found);
}

function gpuDevice({ kind, name }: FoundAdapter): Device {
  const label = kind === 'software' ? `WebGPU · ${name} (software)` : `WebGPU · ${name}`;
  return { backend: 'webgpu', adapter: name, label };
}
