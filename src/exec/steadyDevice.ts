import type { GpuFailure } from '../webgpu/errors';
import { gpuFailureBehind, knownLoss } from '../webgpu/queue';
import { type Device, replaceGpuDevice, type WasmPaths } from './device';

/** Runs a piece of work that keeps nothing on the device between its calls, so that it can begin again. */
export type Steady = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Runs work on the device as it is: what fails fails. */
export const UNSTEADY: Steady = (_, work) => work();

/** What became of a device that failed. */
export interface DeviceMove {
  /** The one that the work goes on on. */
  readonly device: Device;
  /** `lost`: the GPU was gone; `refused`: it could not hold or do the work. */
  readonly kind: GpuFailure['kind'];
  /** In the browser's words. */
  readonly reason: string;
}

/** A GPU that is lost more often than this under one piece of work is left for WASM. */
const MAX_LOSSES = 2;

/**
 * Keeps work going whatever becomes of the GPU. Where its device is lost, before the work or under it, another one takes
 * its place and the work begins anew; what the GPU refuses (too large for its buffers, no memory left), or loses a third
 * time, is done on WASM, which all later work stays on. Errors of the work itself, and a cancel, pass through.
 */
export function steadyDevice(wasmPaths: WasmPaths, moved: (move: DeviceMove) => void): Steady {
  const replace = async ({ kind, reason }: Pick<GpuFailure, 'kind' | 'reason'>, onGpu: boolean) => {
    const words = kind === 'lost' ? 'the GPU was lost' : 'the GPU refused the work';
    moved({ device: await replaceGpuDevice(wasmPaths, onGpu, words), kind, reason });
  };
  return async (signal, work) => {
    for (let losses = 0; ; losses++) {
      const idle = knownLoss();
      if (idle) await replace(idle, true);
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
}
