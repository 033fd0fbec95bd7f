import type { DType, Tensor } from '../../graph/tensor';
import { sizeOf } from '../../graph/tensor';
import { LENGTH_BYTES } from './header';

const STORED: { readonly [D in DType]: { readonly dtype: string; readonly bytes: number } } = {
  float32: { dtype: 'F32', bytes: 4 },
  int32: { dtype: 'I32', bytes: 4 },
  bool: { dtype: 'BOOL', bytes: 1 },
};

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Wide elements first, then by name: every tensor stays aligned, and equal content gives equal bytes. */
const inFileOrder = (tensors: Readonly<Record<string, Tensor>>): readonly (readonly [string, Tensor])[] =>
  Object.entries(tensors).sort(
    ([a, x], [b, y]) => STORED[y.dtype].bytes - STORED[x.dtype].bytes || byText(a, b),
  );

const tensorBytes = (tensor: Tensor): Uint8Array =>
  new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);

function checkTensor(name: string, tensor: Tensor): void {
  if (name === '__metadata__') throw new Error("internal: a tensor cannot be named '__metadata__'.");
  const expected = sizeOf(tensor.shape) * STORED[tensor.dtype].bytes;
  if (tensor.data.byteLength !== expected)
    throw new Error(
      `internal: tensor '${name}' of shape [${tensor.shape.join(', ')}] has ${tensor.data.byteLength} bytes instead of ${expected}.`,
    );
}

/** The JSON header, padded with spaces so that the data starts at a multiple of 8. */
function encodeHeader(
  ordered: readonly (readonly [string, Tensor])[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let offset = 0;
  const entries = ordered.map(([name, tensor]) => {
    const begin = offset;
    offset += tensor.data.byteLength;
    return [name, { dtype: STORED[tensor.dtype].dtype, shape: tensor.shape, data_offsets: [begin, offset] }];
  });
  const sorted = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => byText(a, b)));
  const head = Object.keys(sorted).length > 0 ? [['__metadata__', sorted]] : [];
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...head, ...entries])));
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  return padded;
}

/**
 * A safetensors file: F32, I32 and BOOL tensors in row-major order, with string metadata. The same tensors and
 * metadata always give the same bytes, in whatever order their keys stand.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const ordered = inFileOrder(tensors);
  for (const [name, tensor] of ordered) checkTensor(name, tensor);
  const header = encodeHeader(ordered, metadata);
  const data = ordered.reduce((sum, [, tensor]) => sum + tensor.data.byteLength, 0);
  const file = new Uint8Array(LENGTH_BYTES + header.length + data);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, LENGTH_BYTES);
  let position = LENGTH_BYTES + header.length;
  for (const [, tensor] of ordered) {
    file.set(tensorBytes(tensor), position);
    position += tensor.data.byteLength;
  }
  return file;
}
