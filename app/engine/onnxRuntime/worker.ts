import * as Comlink from 'comlink';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';
import type { RuntimeFile, RuntimeTensor } from '../../../src/index';

/* ONNX Runtime in a worker of its own: it ends with the check, and its memory with it. */

// One thread: those of WebAssembly would each load this script again.
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = { wasm: new URL(wasm, self.location.href).href };
ort.env.logLevel = 'error';

let session: ort.InferenceSession | null = null;

const opened = (): ort.InferenceSession => {
  if (!session) throw new Error('internal: no model is loaded in ONNX Runtime.');
  return session;
};

const typeOf = (metadata: ort.InferenceSession.ValueMetadata | undefined): string =>
  metadata?.isTensor ? metadata.type : 'float32';

const feedOf = ({ type, data, shape }: RuntimeTensor): ort.Tensor => {
  if (type === 'bool') return new ort.Tensor('bool', Uint8Array.from(data, Number), shape);
  if (data instanceof Float64Array) return new ort.Tensor('float64', data, shape);
  if (data instanceof Int32Array) return new ort.Tensor('int32', data, shape);
  if (data instanceof BigInt64Array) return new ort.Tensor('int64', data, shape);
  return new ort.Tensor('float32', Float32Array.from(data, Number), shape);
};

/** Outputs as plain numbers that the core compares; float16 comes as its bits or as its own array. */
const resultOf = ({ type, dims, data }: ort.Tensor): RuntimeTensor => {
  if (Array.isArray(data)) throw new Error('an output holds text');
  return { type, shape: dims, data: Float64Array.from(data, Number) };
};

const api = {
  version: (): string => ort.env.versions.common,

  /** Loads a model in place of the one before. */
  async open(model: Uint8Array, files: readonly RuntimeFile[], optimize: boolean) {
    await session?.release();
    session = await ort.InferenceSession.create(model, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: optimize ? 'all' : 'disabled',
      externalData: files.map(({ path, data }) => ({ path, data })),
      logSeverityLevel: 3,
    });
    const { inputNames, inputMetadata } = session;
    return inputNames.map((name, i) => ({ name, type: typeOf(inputMetadata[i]) }));
  },

  async run(inputs: readonly RuntimeTensor[]): Promise<readonly RuntimeTensor[]> {
    const { inputNames, outputNames } = opened();
    const feeds = Object.fromEntries(
      inputNames.flatMap((name, i) => {
        const input = inputs[i];
        return input ? [[name, feedOf(input)]] : [];
      }),
    );
    const outputs = await opened().run(feeds);
    return outputNames.map((name) => {
      const output = outputs[name];
      if (!output) throw new Error(`ONNX Runtime gave no output '${name}'.`);
      return resultOf(output);
    });
  },

  async close(): Promise<void> {
    await session?.release();
    session = null;
  },
};
export type RuntimeWorker = typeof api;

Comlink.expose(api);
