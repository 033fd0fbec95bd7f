import type { GpuFailure } from '../webgpu/errors';
import { gpuFailureBehind, knownLoss } from '../webgpu/queue';
import { type Device, type DevicePlan, replaceGpuDevice, type WasmPaths } from './device';
import { IdleLoss } from './idleLoss';

/** Runs a piece of work that keeps nothing on the device between its calls, so that it can begin again. */
export type Steady = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Runs work on the device as it is: what fails fails. */
export const UNSTEADY: Steady = (_, work) => work();

/** What became of a device that failed. */
export interface DeviceMove {
  /** The one that the work goes on on; `idle`: the one that was lost. */
  readonly device: Device;
  /**
   * `lost`: the GPU was gone; `refused`: it could not hold or do the work; `unopened`: it did not open as planned; `idle`: it was
   * lost while nothing ran, and the next work begins by opening another.
   */
  readonly kind: GpuFailure['kind'] | 'unopened' | 'idle';
  /** In the browser's words; of one that did not open, its label. */
  readonly reason: string;
}

/** A GPU that is lost more often than this under one piece of work is left for WASM. */
const MAX_LOSSES = 2;

/** A device that work goes on on. */
export interface SteadyDevice {
  /** Opens it ahead of the first work, beside any other. */
  open(): Promise<void>;
  readonly run: Steady;
}

export interface SteadyOptions {
  readonly plan: DevicePlan;
  readonly wasmPaths: WasmPaths;
  readonly moved: (move: DeviceMove) => void;
}

/** Opens the planned device before the first work; says when it is not the one that was planned. */
function opener({ plan, moved }: SteadyOptions, opened: (device: Device) => void): () => Promise<void> {
  let isOpen = false;
  return async () => {
    const device = await plan.open();
    if (isOpen) return;
    isOpen = true;
    opened(device);
    if (device.label !== plan.device.label) moved({ device, kind: 'unopened', reason: device.label });
  };
}

/**
 * Keeps work going whatever becomes of the GPU. The first work opens the planned device. Where that is lost, before the work
 * or under it, another one takes its place and the work begins anew; what the GPU refuses (too large for its buffers, no memory
 * left), or loses a third time, is done on WASM, which all later work stays on. Errors of the work itself, and a cancel, pass
 * through.
 */
export function steadyDevice(options: SteadyOptions): SteadyDevice {
  const { wasmPaths, moved } = options;
  let current = options.plan.device;
  const idle = new IdleLoss(({ reason }) => moved({ device: current, kind: 'idle', reason }));
  const opened = (device: Device) => {
    current = device;
    idle.watch();
  };
  const open = opener(options, opened);
  const replace = async ({ kind, reason }: Pick<GpuFailure, 'kind' | 'reason'>, onGpu: boolean) => {
    const words = kind === 'lost' ? 'the GPU was lost' : 'the GPU refused the work';
    opened(await replaceGpuDevice(wasmPaths, onGpu, words));
    moved({ device: current, kind, reason });
  };
  const again: Steady = async (signal, work) => {
    await unlessAborted(signal, open());
    for (let losses = 0; ; losses++) {
      const loss = knownLoss();
      if (loss) await replace(loss, true);
      try {
        return await work();
      } catch (error) {
        if (signal.aborted) throw error;
        const failure = await gpuFailureBehind(error);
        if (!failure) throw error;
        await replace(failure, failure.kind === 'lost' && losses < MAX_LOSSES);
      }
    }
  };
  return { open, run: (signal, work) => idle.during(() => again(signal, work)) };
}

/** What the promise gives; the signal's reason as soon as it is aborted. */
async function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { signal: over.signal });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    over.abort();
  }
}
