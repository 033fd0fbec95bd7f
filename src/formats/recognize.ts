import type { ByteSource } from './byteSource';
import { readRange, viewOf } from './readRange';

/** What a file is, by its first bytes. `foreign` files are known, but not read anywhere in the studio. */
export type FileKind =
  | { readonly kind: 'empty' | 'safetensors' | 'onnx' | 'torch' | 'npy' | 'npz' | 'unknown' }
  /** JSON that may be TensorFlow.js' `model.json`: its reader says what else it is. */
  | { readonly kind: 'tfjs' }
  /** Readable text: perhaps CSV. */
  | { readonly kind: 'text' }
  | { readonly kind: 'image'; readonly title: string }
  | { readonly kind: 'foreign'; readonly title: string; readonly advice?: string };

/** Enough for every signature and for the first name in a zip. */
const HEAD_BYTES = 512;

const foreign = (title: string): FileKind => ({ kind: 'foreign', title });

/** Members that the archives of torch.save, torch.jit.save and torch.export.save begin with, in any folder. */
const TORCH_MEMBER =
  /(^|\/)((data|constants)\.pkl|version|byteorder|archive_(format|version)|\.format_version|\.storage_alignment|\.data\/.*|data\/(\d+|weights\/.*|constants\/.*|sample_inputs\/.*|aotinductor\/.*)|models\/[^/]+\.json|code\/.*|serialized_\w+\.(json|pt))$/;

/** Signatures as text (one character a byte), with the offset where they stand. */
const SIGNATURES: readonly (readonly [number, string, FileKind])[] = [
  [0, '\x93NUMPY', { kind: 'npy' }],
  [0, '\x89PNG', { kind: 'image', title: 'a PNG image' }],
  [0, '\xff\xd8\xff', { kind: 'image', title: 'a JPEG image' }],
  [0, 'GIF8', { kind: 'image', title: 'a GIF image' }],
  [8, 'WEBP', { kind: 'image', title: 'a WebP image' }],
  [0, '\x89HDF\r\n', foreign('an HDF5 file, as Keras writes models (.h5)')],
  [4, 'TFL3', foreign('a TensorFlow Lite model')],
  [0, 'GGUF', foreign('a GGUF model')],
  [0, '%PDF', foreign('a PDF document')],
  [0, '\x1f\x8b', foreign('a gzip archive')],
  [0, '7z\xbc\xaf', foreign('a 7-Zip archive')],
  [0, 'PK\x05\x06', foreign('an empty zip archive')],
];

/** A zip by the name of its first member: a NumPy archive, PyTorch's own format, or any other archive. */
function recognizeZip(head: Uint8Array, text: string): FileKind {
  const nameLength = head.length >= 30 ? viewOf(head).getUint16(26, true) : 0;
  const name = text.slice(30, 30 + nameLength);
  if (name.endsWith('.npy')) return { kind: 'npz' };
  if (TORCH_MEMBER.test(name)) return { kind: 'torch' };
  return foreign(`a zip archive (first member '${name}')`);
}

/** Eight bytes of length, small for any real file, then the JSON object. */
const isSafetensors = (head: Uint8Array): boolean =>
  head.length > 8 && head[8] === 0x7b && head[5] === 0 && head[6] === 0 && head[7] === 0;

/**
 * An ONNX ModelProto starts with `ir_version` (field 1, varint, 3 to 127) and goes on with one of its fields
 * (onnx/onnx.proto: producer_name 2, producer_version 3, domain 4, model_version 5, doc_string 6, graph 7, …).
 * TensorFlow's SavedModel looks alike but states version 1.
 */
const isOnnx = (head: Uint8Array): boolean =>
  head[0] === 0x08 &&
  (head[1] ?? 0) >= 3 &&
  (head[1] ?? 0) < 0x80 &&
  [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42].includes(head[2] ?? 0);

/** 'BM', the file's size, then four reserved bytes that are 0: the two letters alone could begin a text. */
const isBitmap = (text: string): boolean => text.startsWith('BM') && text.startsWith('\0\0\0\0', 6);

/** Opcode PROTO and its version. */
const isPickle = (head: Uint8Array): boolean =>
  head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5;

/** Text of any script has no NUL and no other control bytes than white space. */
const isText = (head: Uint8Array): boolean =>
  head.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);

function recognizeText(text: string): FileKind {
  const start = (text.startsWith('\xef\xbb\xbf') ? text.slice(3) : text).trimStart();
  if (start.startsWith('version https://git-lfs'))
    return foreign('a Git LFS pointer, not the file itself (fetch it with "git lfs pull")');
  if (start.startsWith('{')) return { kind: 'tfjs' };
  if (start.startsWith('[')) return foreign('a JSON file');
  if (start.startsWith('<')) return foreign('an HTML or XML page');
  return { kind: 'text' };
}

/** Recognizes a file by its content; the name plays no part. Reads its first bytes only. */
export async function recognize(source: ByteSource): Promise<FileKind> {
  if (source.size === 0) return { kind: 'empty' };
  const head = await readRange(source, 0, Math.min(HEAD_BYTES, source.size), 'the first bytes');
  const text = Array.from(head, (byte) => String.fromCharCode(byte)).join('');
  const signature = SIGNATURES.find(([offset, bytes]) => text.startsWith(bytes, offset));
  if (signature) return signature[2];
  if (isBitmap(text)) return { kind: 'image', title: 'a BMP image' };
  if (text.startsWith('PK\x03\x04')) return recognizeZip(head, text);
  if (isSafetensors(head)) return { kind: 'safetensors' };
  if (isOnnx(head)) return { kind: 'onnx' };
  if (isPickle(head)) return { kind: 'torch' };
  return isText(head) ? recognizeText(text) : { kind: 'unknown' };
}
