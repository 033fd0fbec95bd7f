import * as ort from 'onnxruntime-web';
import { floatTensor, sizeOf, type Tensor } from '../../graph/tensor';
import { values } from './testModel';

/* ONNX Runtime (its WebAssembly build, in Node) as the judge of what the studio writes. */

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

export interface RunResult {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

/**
 * Runs a model on a reproducible input of the given shapes, in the order of the model's inputs, and returns its
 * outputs in their order.
 */
export async function runOnnx(
  bytes: Uint8Array,
  shapes: readonly (readonly number[])[],
): Promise<readonly RunResult[]> {
  return runOnnxOn(
    bytes,
    shapes.map((shape, i) => floatTensor(shape, values(sizeOf(shape), i + 7))),
  );
}

const feedOf = ({ dtype, shape, data }: Tensor): ort.Tensor => {
  if (dtype === 'float32') return new ort.Tensor('float32', Float32Array.from(data), shape);
  if (dtype === 'bool') return new ort.Tensor('bool', Array.from(data, Boolean), shape);
  return new ort.Tensor('int64', BigInt64Array.from(data, BigInt), shape);
};

/** Runs a model on the given tensors, in the order of its inputs; whole numbers go in as INT64. */
export async function runOnnxOn(
  bytes: Uint8Array,
  inputs: readonly Tensor[],
  options: ort.InferenceSession.SessionOptions = {},
): Promise<readonly RunResult[]> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3, ...options });
  const feeds = Object.fromEntries(
    session.inputNames.map((name, i) => [name, feedOf(inputs[i] ?? floatTensor([], new Float32Array(1)))]),
  );
  const outputs = await session.run(feeds);
  const results = session.outputNames.map((name) => {
    const output = outputs[name];
    if (!output) throw new Error(`ONNX Runtime gave no output '${name}'.`);
    return { dims: output.dims, data: Array.from(output.data, Number) };
  });
  await session.release();
  return results;
}

/** Largest difference of two results, relative to the largest value of the first; infinite when the shapes differ. */
export function relativeError(expected: readonly RunResult[], actual: readonly RunResult[]): number {
  if (JSON.stringify(expected.map((r) => r.dims)) !== JSON.stringify(actual.map((r) => r.dims)))
    return Number.POSITIVE_INFINITY;
  let error = 0;
  expected.forEach(({ data }, i) => {
    const largest = Math.max(1e-30, ...data.map(Math.abs));
    data.forEach((value, k) => {
      const difference = Math.abs(value - (actual[i]?.data[k] ?? Number.NaN)) / largest;
      error = difference <= error ? error : difference;
    });
  });
  return error;
}
