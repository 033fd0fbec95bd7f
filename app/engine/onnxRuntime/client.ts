import * as Comlink from 'comlink';
import type { OnnxRuntime } from '../../../src/index';
import type { RuntimeWorker } from './worker';

/**
 * Does `work` with ONNX Runtime in a worker that starts with it and ends with it. Cancelling ends the worker at once,
 * whatever it computes: `work` then rejects with the signal's reason.
 */
export async function withOnnxRuntime<T>(
  signal: AbortSignal,
  work: (runtime: OnnxRuntime) => Promise<T>,
): Promise<T> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'onnxruntime' });
  const broken = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    worker.addEventListener('error', ({ message }) =>
      reject(new Error(`ONNX Runtime's worker stopped: ${message || 'it could not be loaded'}`)),
    );
  });
  // Unless something waits for it, its end is nobody's error.
  broken.catch(() => undefined);
  const remote = Comlink.wrap<RuntimeWorker>(worker);
  const whole = <R>(call: Promise<R>): Promise<R> => Promise.race([call, broken]);
  try {
    const version = await whole(remote.version());
    return await work({
      version,
      open: async (model, files, optimize) => {
        const inputs = await whole(remote.open(model, files, optimize));
        return {
          inputs,
          run: (tensors) => whole(remote.run(tensors)),
          close: () => whole(remote.close()),
        };
      },
    });
  } finally {
    worker.terminate();
  }
}
