import { gpuFailureBehind, knownLoss, webgpuBackend } from '../webgpu/queue';
import { type Device, type DevicePlan, replaceGpuDevice, type WasmPaths } from './device';
import { constantUses, dropIdleConstants } from './deviceConstants';
import { IdleLoss } from './idleLoss';
import { memoryReason } from './outOfMemory';

/** Runs a piece of work that keeps nothing on the device between its calls, so that it can begin again. */
export type Steady = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Runs work on the device as it is: what fails fails. */
export const UNSTEADY: Steady = (_, work) => work();

/** What became of a device that failed. */
export interface DeviceMove {
  /** The one that the work goes on on; `idle`: the one that was lost. */
  readonly device: Device;
  /**
   * `lost`: the GPU was gone under work, which begins again; `freed`: memory ran out, constants that the work does not use went,
   * and it begins again on the same kind of device; `refused`: the GPU could not hold or do the work, which begins again elsewhere;
   * `unopened`: it did not open as planned; `idle`: it was lost while nothing ran; `reopened`: work that begins found it gone and
   * opened another first.
   */
  readonly kind: 'lost' | 'freed' | 'refused' | 'unopened' | 'idle' | 'reopened';
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

/** What is to be done about work that failed: it begins again, on another device of the GPU, on the processor, or as it was. */
interface Remedy {
  readonly kind: 'lost' | 'freed' | 'refused';
  readonly reason: string;
  readonly on: 'gpu' | 'processor' | 'same';
}

/**
 * The remedy for what ended a piece of work that began when constants had been used `usesBefore` times and lost the GPU `losses`
 * times since; null where it would fail again. Where memory ran out, the constants that nobody uses are gone then. A second
 * time none of earlier work are left, so it frees once at most.
 */
async function remedyFor(error: unknown, usesBefore: number, losses: number): Promise<Remedy | null> {
  const failure = await gpuFailureBehind(error);
  if (failure?.kind === 'lost')
    return { kind: 'lost', reason: failure.reason, on: losses < MAX_LOSSES ? 'gpu' : 'processor' };
  if (failure?.kind === 'memory') {
    // A new device in any case: tfjs keeps buffers for its next tensors, and those that were made last hold nothing.
    if (dropIdleConstants(usesBefore) > 0) return { kind: 'freed', reason: failure.reason, on: 'gpu' };
    return { kind: 'refused', reason: failure.reason, on: 'processor' };
  }
  if (failure) return { kind: 'refused', reason: failure.reason, on: 'processor' };
  // What a GPU's constants leave is room on the GPU, and none in the tab.
  const reason = webgpuBackend() ? null : memoryReason(error);
  if (reason === null || dropIdleConstants(usesBefore) === 0) return null;
  return { kind: 'freed', reason, on: 'same' };
}

/** Why another device is in the GPU's place, for that one's label. */
const LABELS = {
  lost: 'the GPU was lost',
  freed: 'the GPU ran out of memory',
  refused: 'the GPU refused the work',
} as const satisfies Record<Remedy['kind'], string>;

/** What came of a remedy: a GPU that gives no other device has refused, whatever was freed on it. */
const kindOn = ({ backend }: Device, { kind, on }: Remedy): Remedy['kind'] =>
  kind === 'freed' && on === 'gpu' && backend !== 'webgpu' ? 'refused' : kind;

/**
 * Keeps work going whatever becomes of the GPU. The first work opens the planned device. Where that is lost, before the work
 * or under it, another one takes its place and the work begins anew; so it does where memory ran out that constants of earlier work
 * held. What the GPU refuses (too large for its buffers, no memory left), or loses a third time, is done on WASM, which all later
 * work stays on. Errors of the work itself, and a cancel, pass through.
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
  /** The GPU's device that was lost before the work or between two attempts at it. */
  const reopen = async (kind: 'lost' | 'reopened') => {
    const loss = knownLoss();
    if (!loss) return;
    opened(await replaceGpuDevice(wasmPaths, true, LABELS.lost));
    moved({ device: current, kind, reason: loss.reason });
  };
  const apply = async (remedy: Remedy) => {
    const { kind, reason, on } = remedy;
    if (on !== 'same') opened(await replaceGpuDevice(wasmPaths, on === 'gpu', LABELS[kind]));
    moved({ device: current, kind: kindOn(current, remedy), reason });
  };
  const again: Steady = async (signal, work) => {
    await unlessAborted(signal, open());
    await reopen('reopened');
    for (let losses = 0; ; await reopen('lost')) {
      const usesBefore = constantUses();
      try {
        return await work();
      } catch (error) {
        if (signal.aborted) throw error;
        const remedy = await remedyFor(error, usesBefore, losses);
        if (!remedy) throw error;
        if (remedy.kind === 'lost') losses++;
        await apply(remedy);
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
