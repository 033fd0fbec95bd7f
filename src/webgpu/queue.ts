import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { DeviceError, GpuFailure } from './errors';

/** What a device says of an error that nobody waited for. */
interface Reported {
  readonly kind: 'memory' | 'refused';
  readonly message: string;
}

/** What went wrong on a device since it was last asked. tfjs itself only logs, and returns garbage. */
interface Watch {
  error: Reported | null;
  lost: string | null;
  /** What waits for the device; a lost one may never answer. */
  readonly waiting: Set<() => void>;
  /** Resolves once `lost` says so. */
  readonly gone: Promise<void>;
}
const watched = new WeakMap<GPUDevice, Watch>();

/** tfjs' WebGPU backend, when it is the current one. */
export function webgpuBackend(): WebGPUBackend | null {
  // The name says which class tfjs holds; importing the class to ask it would load the backend everywhere.
  return tf.getBackend() === 'webgpu' ? (tf.backend() as WebGPUBackend) : null;
}

/** Starts to take note of errors and of the loss of the current GPU device; `finishQueuedWork` and reads report them. */
export function watchDevice(): void {
  const device = webgpuBackend()?.device;
  if (!device || watched.has(device)) return;
  const gone = device.lost.then(({ reason, message }) => {
    watch.lost = `${message || 'the browser gives no message'} (${reason || 'unknown reason'})`;
    for (const end of watch.waiting) end();
  });
  const watch: Watch = { error: null, lost: null, waiting: new Set(), gone };
  watched.set(device, watch);
  device.addEventListener('uncapturederror', ({ error }) => {
    // What follows of the first, as commands on a buffer that is not there, tells nothing of the cause.
    watch.error ??= reported(error);
  });
}

/** What the driver says of memory names its own functions, line after line: the first says which failed. */
function reported(error: GPUError): Reported {
  if (!(error instanceof GPUOutOfMemoryError)) return { kind: 'refused', message: error.message };
  return { kind: 'memory', message: `Out of GPU memory (${error.message.split('\n')[0]})` };
}

function currentWatch(): Watch | null {
  const backend = webgpuBackend();
  return backend ? (watched.get(backend.device) ?? null) : null;
}

function failureOf(watch: Watch): GpuFailure | null {
  if (watch.lost !== null)
    return new GpuFailure(
      'lost',
      watch.lost,
      `The GPU device was lost: ${watch.lost}. Reload the page, or choose the WASM backend.`,
    );
  if (watch.error === null) return null;
  const { kind, message } = watch.error;
  watch.error = null;
  return new GpuFailure(
    kind,
    message,
    `The GPU reported an error: ${message}. Use a smaller batch, or choose the WASM backend.`,
  );
}

/** The loss of the current device, where it is known to be lost. */
export function knownLoss(): GpuFailure | null {
  const watch = currentWatch();
  return watch?.lost ? failureOf(watch) : null;
}

/** Calls back once the current device is lost, at once where it is already; never where there is none, or another took its place. */
export function onLoss(listener: () => void): void {
  const watch = currentWatch();
  watch?.gone.then(() => {
    if (currentWatch() === watch) listener();
  });
}

function throwIfFailed(watch: Watch): void {
  const failure = failureOf(watch);
  if (failure) throw failure;
}

/** Waits for the device's answer, or its loss; there is no answer of a device that is lost. */
function untilLost<T>(watch: Watch, answer: Promise<T>): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const end = () => resolve(null);
    watch.waiting.add(end);
    answer.then(resolve, reject).finally(() => watch.waiting.delete(end));
    if (watch.lost !== null) end();
  });
}

/** Long enough for the browser to say that the device is lost, where that is why it refused an answer. */
async function hearOfLoss(watch: Watch, backend: WebGPUBackend): Promise<void> {
  const done = backend.queue.onSubmittedWorkDone().catch(() => undefined);
  await untilLost(watch, done);
  // The answer and the loss come as two messages, in either order.
  await new Promise<void>((resume) => setTimeout(resume, 0));
}

/**
 * Submits what tfjs has recorded and waits until the GPU has done it; on WASM and CPU, where an op is done when it
 * returns, it resolves at once. Throws a GpuFailure when the device reported an error since the last call, or is
 * lost: results computed meanwhile must not be used.
 */
export async function finishQueuedWork(): Promise<void> {
  const backend = webgpuBackend();
  if (!backend) return;
  const watch = currentWatch();
  if (!watch?.lost) {
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.submitQueue();
    const done = backend.queue.onSubmittedWorkDone();
    if (!watch) return done;
    await answered(watch, backend, done);
  }
  if (watch) throwIfFailed(watch);
}

/**
 * A tensor's values, read back from whichever device has them. Throws a GpuFailure when the GPU reported an error, which
 * would have made the values garbage, and when it is lost, whether or not the browser still answers.
 */
export async function readValues<D extends tf.DataType = tf.NumericDataType>(
  tensor: tf.Tensor,
): Promise<tf.DataTypeMap[D]> {
  const backend = webgpuBackend();
  const watch = currentWatch();
  if (!backend || !watch) return tensor.data<D>();
  throwIfFailed(watch);
  const values = await answered(watch, backend, tensor.data<D>());
  throwIfFailed(watch);
  if (values === null) throw new Error('internal: a device that is not lost gave no values.');
  return values;
}

async function answered<T>(watch: Watch, backend: WebGPUBackend, answer: Promise<T>): Promise<T | null> {
  try {
    return await untilLost(watch, answer);
  } catch (error) {
    await hearOfLoss(watch, backend);
    throwIfFailed(watch);
    throw error;
  }
}

/** What the GPU has to do with an error that ended a piece of work: nothing (null), its loss, or a refusal. */
export async function gpuFailureBehind(error: unknown): Promise<GpuFailure | null> {
  if (error instanceof GpuFailure) return error;
  const backend = webgpuBackend();
  const watch = currentWatch();
  if (!backend || !watch) return null;
  await hearOfLoss(watch, backend);
  const failure = failureOf(watch);
  if (failure) return failure;
  return error instanceof DeviceError ? new GpuFailure('refused', error.message, error.message) : null;
}
