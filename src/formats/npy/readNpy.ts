import { sizeOf, type Tensor, type TensorData } from '../../graph/tensor';
import type { ByteSource } from '../byteSource';
import { decodeElements, ELEMENT_BYTES, swapByteOrder } from '../elements';
import { readRange } from '../readRange';
import { readNpyHeader } from './header';

/** Column-major data (the first axis runs fastest) in row-major order (the last axis runs fastest). */
export function fromColumnMajor(data: TensorData, shape: readonly number[]): TensorData {
  const out = data.slice();
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const position = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (position[axis] ?? 0) + 1;
      const stride = strides[axis] ?? 0;
      if (next < (shape[axis] ?? 0)) {
        position[axis] = next;
        from += stride;
        break;
      }
      from -= (next - 1) * stride;
      position[axis] = 0;
    }
  }
  return out;
}

/**
 * Reads a .npy file (NumPy's lib/format.py, versions 1 to 3) into a row-major tensor of float32, int32 or bool.
 * `name` is the array's name for errors; a file of one array has none. Throws a FormatError.
 */
export async function readNpy(source: ByteSource, name = ''): Promise<Tensor> {
  const what = name === '' ? 'the array' : `array '${name}'`;
  const { type, bigEndian, fortranOrder, shape, dataStart } = await readNpyHeader(source, what);
  const stored = await readRange(source, dataStart, source.size, what);
  const bytes = bigEndian ? swapByteOrder(stored, ELEMENT_BYTES[type]) : stored;
  const { dtype, data } = decodeElements(bytes, type, { file: source.name, what });
  return { dtype, shape, data: fortranOrder ? fromColumnMajor(data, shape) : data };
}
