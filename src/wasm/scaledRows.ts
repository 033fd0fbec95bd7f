import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { memoryOf } from './backendMemory';
import {
  type PlacedScaling,
  type RowScalers,
  rowScalersIn,
  rowsOfBlock,
  type Scaling,
  scaleBlock,
} from './scaleBlock';

const SCALED_ROWS = 'ScaledRows';
const LANES = 4;
const FLOAT = 4;

/** Makes the kernel known to tfjs on WASM. Calling it again changes nothing. */
export function registerScaledRows(): void {
  if (tf.getKernel(SCALED_ROWS, 'wasm')) return;
  tf.registerKernel({ kernelName: SCALED_ROWS, backendName: 'wasm', kernelFunc: kernel });
}

/** Whether the current backend multiplies rows of so many numbers. */
export const canScaleRows = (rowSize: number): boolean =>
  rowSize > 0 &&
  rowSize % LANES === 0 &&
  tf.getKernel(SCALED_ROWS, tf.getBackend()) !== undefined &&
  scalersOf(tf.backend() as BackendWasm) !== null;

/** Neighbouring rows with the factors of their columns or of each of them, one scaling behind the other. */
export interface ScaledPart {
  readonly from: number;
  readonly until: number;
  readonly scalings: readonly Scaling[];
}

/**
 * The rows of x `[rows, columns]`, multiplied; the parts are all of its rows, and each has a scaling at least. To the bit as
 * `scaleRows` on the host. Only where `canScaleRows`; the caller disposes the result.
 */
export function scaledRows(x: tf.Tensor2D, parts: readonly ScaledPart[]): tf.Tensor2D {
  const all = parts.flatMap(({ scalings }) => scalings);
  const values = new Float32Array(all.reduce((size, { factors }) => size + factors.length, 0));
  let at = 0;
  const steps = parts.map(({ from, until, scalings }) => {
    const placed = scalings.flatMap(({ by, factors }) => {
      values.set(factors, at);
      at += factors.length;
      return [by === 'row' ? 1 : 0, at - factors.length];
    });
    return [from, until, ...placed];
  });
  const factors = tf.tensor1d(values, 'float32');
  try {
    const result = tf.engine().runKernel(SCALED_ROWS, { x, factors }, { steps });
    if (Array.isArray(result)) throw new Error('internal: ScaledRows gives one tensor.');
    // runKernel is typed for the shape-only info, yet wraps it into a Tensor (tfjs-core engine.ts).
    return result as tf.Tensor2D;
  } finally {
    factors.dispose();
  }
}

const scalersOf = (backend: BackendWasm): RowScalers | null => rowScalersIn(memoryOf(backend));

const kernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }): tf.TensorInfo => {
  const backend = anyBackend as BackendWasm;
  const { x, factors } = inputs;
  const [rows = 0, columns = 0] = x?.shape ?? [];
  const scalers = scalersOf(backend);
  if (!x || !factors || !scalers || x.dtype !== 'float32' || columns % LANES !== 0)
    throw new Error(`internal: ScaledRows cannot multiply ${x?.dtype} [${x?.shape}].`);
  const y = backend.makeOutput([rows, columns], 'float32');
  const rowBytes = columns * FLOAT;
  const at = (tensor: tf.TensorInfo) => backend.getMemoryOffset(tensor.dataId);
  const [source, out, factorsAt] = [at(x), at(y), at(factors)];
  for (const [from = 0, until = 0, ...numbers] of (attrs?.steps ?? []) as number[][]) {
    const scalings = pairsOf(numbers).map(
      ([isByRow, offset]): PlacedScaling => ({
        by: isByRow === 1 ? 'row' : 'column',
        address: factorsAt + offset * FLOAT,
      }),
    );
    for (let row = from; row < until; row += rowsOfBlock(columns)) {
      const block = { source: source + row * rowBytes, out: out + row * rowBytes, rowBytes };
      const count = Math.min(until - row, rowsOfBlock(columns));
      scaleBlock(scalers, { ...block, firstRow: row - from, rows: count }, scalings);
    }
  }
  return y;
};

const pairsOf = (numbers: readonly number[]): readonly (readonly [number, number])[] =>
  Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i] ?? 0, numbers[2 * i + 1] ?? 0]);
