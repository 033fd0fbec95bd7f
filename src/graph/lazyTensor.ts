import { asFloat, type DType, type FloatTensor, type Tensor, type TensorData } from './tensor';

/*
 * A lazy tensor makes its data when it is asked for and does not keep it: a model may be larger than the memory. Its
 * data is read from a file, or computed of other tensors that may be lazy themselves. It is the same at every time.
 */

const lazyTensors = new WeakSet<Tensor>();

/** Bytes that stay after they were made, unless told: whoever reads a tensor twice in a row finds it. */
const KEPT_BYTES = 2 ** 26;
let keptBytes = KEPT_BYTES;

/** What was made last, newest last. */
const recent: { readonly tensor: Tensor; readonly data: TensorData }[] = [];

function keep(tensor: Tensor, data: TensorData): void {
  recent.push({ tensor, data });
  dropOldest();
}

function dropOldest(): void {
  let bytes = recent.reduce((sum, { data: { byteLength } }) => sum + byteLength, 0);
  while (bytes > keptBytes) bytes -= recent.shift()?.data.byteLength ?? 0;
}

/**
 * How many bytes of lazy tensors stay from now on: 64 MiB unless told; more while a model is computed with, step after step.
 * What was asked for last stays.
 */
export function keepTensors(bytes = KEPT_BYTES): void {
  keptBytes = bytes;
  dropOldest();
}

/** Does work that reads each tensor once: none stays, and each makes room for the next. */
export function withoutKept<T>(work: () => T): T {
  const before = keptBytes;
  keepTensors(0);
  try {
    return work();
  } finally {
    keepTensors(before);
  }
}

function dataOf(tensor: Tensor, make: () => TensorData): TensorData {
  const at = recent.findLastIndex((entry) => entry.tensor === tensor);
  const known = recent[at];
  if (!known) {
    const data = make();
    keep(tensor, data);
    return data;
  }
  if (at < recent.length - 1) recent.push(...recent.splice(at, 1));
  return known.data;
}

/** A tensor whose data `make` gives; it must fill the shape, and be the same at every call. */
export function lazyTensor(dtype: DType, shape: readonly number[], make: () => TensorData): Tensor {
  const tensor: Tensor = {
    dtype,
    shape,
    get data() {
      return dataOf(tensor, make);
    },
  };
  lazyTensors.add(tensor);
  return tensor;
}

/** True for a tensor whose data is not in memory: ask for it once, and let go of it. */
export const isLazy = (tensor: Tensor): boolean => lazyTensors.has(tensor);

/**
 * A float32 tensor computed of others, at once or, when one of them is lazy, whenever it is asked for. `compute` must
 * fill the shape.
 */
export function computedTensor(
  shape: readonly number[],
  sources: readonly Tensor[],
  compute: () => Float32Array,
): FloatTensor {
  if (!sources.some(isLazy)) return { dtype: 'float32', shape, data: compute() };
  return asFloat(lazyTensor('float32', shape, compute), 'computed');
}
