import { isLazy, withoutKept } from '../../graph/lazyTensor';
import type { DType, Tensor } from '../../graph/tensor';
import { sizeOf } from '../../graph/tensor';
import { blobPart, type FilePart } from '../byteSource';
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

const byteSize = ({ shape, dtype }: Tensor): number => sizeOf(shape) * STORED[dtype].bytes;

function tensorBytes(name: string, tensor: Tensor): Uint8Array {
  const { data, shape } = tensor;
  if (data.byteLength !== byteSize(tensor))
    throw new Error(
      `internal: tensor '${name}' of shape [${shape.join(', ')}] has ${data.byteLength} bytes instead of ${byteSize(tensor)}.`,
    );
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The JSON header with its length before it, padded with spaces so that the data starts at a multiple of 8. */
function encodeHead(
  ordered: readonly (readonly [string, Tensor])[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  let offset = 0;
  const entries = ordered.map(([name, tensor]) => {
    if (name === '__metadata__') throw new Error("internal: a tensor cannot be named '__metadata__'.");
    const begin = offset;
    offset += byteSize(tensor);
    return [name, { dtype: STORED[tensor.dtype].dtype, shape: tensor.shape, data_offsets: [begin, offset] }];
  });
  const sorted = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => byText(a, b)));
  const head = Object.keys(sorted).length > 0 ? [['__metadata__', sorted]] : [];
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...head, ...entries])));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, LENGTH_BYTES);
  return bytes;
}

/**
 * A safetensors file: F32, I32 and BOOL tensors in row-major order, with string metadata. The same tensors and
 * metadata always give the same bytes, in whatever order their keys stand.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const ordered = inFileOrder(tensors);
  const head = encodeHead(ordered, metadata);
  const file = new Uint8Array(ordered.reduce((sum, [, tensor]) => sum + byteSize(tensor), head.length));
  file.set(head);
  let position = head.length;
  for (const [name, tensor] of ordered) {
    file.set(tensorBytes(name, tensor), position);
    position += byteSize(tensor);
  }
  return file;
}

/** The same file in parts: lazy tensors are made one after the other, and leave this thread's memory as Blobs. */
export function safetensorsParts(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): readonly FilePart[] {
  const ordered = inFileOrder(tensors);
  const parts = withoutKept(() =>
    ordered.map(([name, tensor]): FilePart => {
      const bytes = tensorBytes(name, tensor);
      return isLazy(tensor) ? blobPart(bytes) : new Uint8Array(bytes);
    }),
  );
  return [encodeHead(ordered, metadata), ...parts];
}
