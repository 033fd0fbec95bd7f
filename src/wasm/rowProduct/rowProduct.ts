import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { memoryOf } from '../backendMemory';
import { canMultiplyRows, RowProducts } from './threads';

const ROW_PRODUCT_KERNEL = 'RowProduct';

/** Makes the kernel known to tfjs on WASM, where the machine has SIMD. Calling it again changes nothing. */
export function registerRowProduct(): void {
  if (tf.getKernel(ROW_PRODUCT_KERNEL, 'wasm') || !canMultiplyRows()) return;
  tf.registerKernel({
    kernelName: ROW_PRODUCT_KERNEL,
    backendName: 'wasm',
    kernelFunc: kernel,
    disposeFunc: (backend) => {
      products.get(backend)?.dispose();
      products.delete(backend);
    },
  });
}

/** Whether the current backend has the kernel. */
export const hasRowProduct = (): boolean => tf.getKernel(ROW_PRODUCT_KERNEL, tf.getBackend()) !== undefined;

/**
 * `y = x Wᵀ + b` of x `[m, k]`, W `[out, k]` and b `[out]`, then ReLU where it is asked for (NaN stays NaN). W is read as it
 * lies. Only where `hasRowProduct`; the caller disposes the result.
 */
export function rowProduct(
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias: tf.Tensor | null,
  relu: boolean,
): tf.Tensor2D {
  const inputs = { x, weight, ...(bias && { bias }) };
  const result = tf.engine().runKernel(ROW_PRODUCT_KERNEL, inputs, { relu });
  if (Array.isArray(result)) throw new Error('internal: RowProduct gives one tensor.');
  // runKernel is typed for the shape-only info, yet wraps it into a Tensor (tfjs-core engine.ts).
  return result as tf.Tensor2D;
}

const products = new WeakMap<object, RowProducts>();

function productsOf(backend: BackendWasm): RowProducts {
  const known = products.get(backend);
  if (known) return known;
  const made = new RowProducts(memoryOf(backend));
  products.set(backend, made);
  return made;
}

const kernel: tf.KernelFunc = ({ inputs, attrs, backend: anyBackend }): tf.TensorInfo => {
  const backend = anyBackend as BackendWasm;
  const { x, weight, bias } = inputs;
  const [m = 0, k = 0] = x?.shape ?? [];
  const [outputs = 0, columns] = weight?.shape ?? [];
  const tensors = [x, weight, bias].filter((tensor) => tensor !== undefined);
  if (!x || !weight || columns !== k || (bias && tf.util.sizeFromShape(bias.shape) !== outputs))
    throw new Error(
      `internal: RowProduct cannot multiply [${x?.shape}] by the rows of [${weight?.shape}] and add [${bias?.shape}].`,
    );
  if (tensors.some(({ dtype }) => dtype !== 'float32'))
    throw new Error(
      `internal: RowProduct takes float32, not ${tensors.map(({ dtype }) => dtype).join(', ')}.`,
    );
  const y = backend.makeOutput([m, outputs], 'float32');
  const at = (tensor: tf.TensorInfo) => backend.getMemoryOffset(tensor.dataId);
  const relu = attrs?.relu === true ? 1 : 0;
  productsOf(backend).run([at(x), at(weight), bias ? at(bias) : 0, at(y), m, k, outputs, relu]);
  return y;
};
