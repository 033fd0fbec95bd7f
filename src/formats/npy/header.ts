import { elementCount } from '../arraySize';
import type { ByteSource } from '../byteSource';
import { ELEMENT_BYTES, type ElementType } from '../elements';
import { FormatError } from '../errors';
import { formatBytes, readRange, viewOf } from '../readRange';
import { type Literal, parseLiteral } from './pythonLiteral';

/** Far more than any plain array's header (about 120 bytes), far less than would hurt. */
export const MAX_NPY_HEADER_BYTES = 2 ** 20;
const MAGIC = '\x93NUMPY';
/** Magic, two bytes of version. */
const PREFIX_BYTES = 8;

/** NumPy's type characters with their width. */
const TYPES: ReadonlyMap<string, ElementType> = new Map([
  ['f8', 'f64'],
  ['f4', 'f32'],
  ['f2', 'f16'],
  ['i8', 'i64'],
  ['u8', 'u64'],
  ['i4', 'i32'],
  ['u4', 'u32'],
  ['i2', 'i16'],
  ['u2', 'u16'],
  ['i1', 'i8'],
  ['u1', 'u8'],
  ['b1', 'bool'],
]);

export interface NpyHeader {
  readonly type: ElementType;
  readonly bigEndian: boolean;
  /** Column-major: the first axis runs fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly dataStart: number;
}

/** Version and header length (NumPy's format.py: u16 in version 1, u32 in versions 2 and 3). */
async function preamble(source: ByteSource): Promise<{ version: number; start: number; end: number }> {
  const prefix = await readRange(source, 0, Math.min(PREFIX_BYTES + 4, source.size), 'the .npy header');
  const magic = String.fromCharCode(...prefix.subarray(0, MAGIC.length));
  if (magic !== MAGIC || prefix.length < PREFIX_BYTES + 2)
    throw new FormatError(source.name, 'does not start as a .npy file does; save it with numpy.save.');
  const version = prefix[6] ?? 0;
  if (version < 1 || version > 3)
    throw new FormatError(source.name, `is a .npy file of version ${version}; versions 1 to 3 are read.`);
  const width = version === 1 ? 2 : 4;
  const start = PREFIX_BYTES + width;
  if (prefix.length < start) throw new FormatError(source.name, 'breaks off in its header; get it again.');
  const view = viewOf(prefix);
  const length = width === 2 ? view.getUint16(PREFIX_BYTES, true) : view.getUint32(PREFIX_BYTES, true);
  if (length > MAX_NPY_HEADER_BYTES)
    throw new FormatError(
      source.name,
      `states a header of ${formatBytes(length)}; at most ${formatBytes(MAX_NPY_HEADER_BYTES)} are read.`,
    );
  return { version, start, end: start + length };
}

function parseDict(file: string, text: string): ReadonlyMap<string, Literal> {
  let literal: Literal;
  try {
    literal = parseLiteral(text);
  } catch (reason) {
    const problem = reason instanceof Error ? reason.message : String(reason);
    throw new FormatError(file, `its .npy header is not a Python dict (${problem}). The file is damaged.`);
  }
  if (literal instanceof Map) return literal;
  throw new FormatError(file, 'its .npy header is not a Python dict. The file is damaged.');
}

function elementTypeOf(file: string, descr: Literal | undefined): { type: ElementType; bigEndian: boolean } {
  const match = typeof descr === 'string' ? /^([<>|=])([a-zA-Z]\d*)$/.exec(descr) : null;
  const type = match?.[2] === undefined ? undefined : TYPES.get(match[2]);
  if (type) return { type, bigEndian: match?.[1] === '>' };
  const got = descr === '|O' ? "Python objects ('|O')" : `type ${JSON.stringify(descr) ?? 'missing'}`;
  throw new FormatError(
    file,
    `holds ${got}; float, integer and bool arrays are read. Convert it with x.astype('float32') before saving.`,
  );
}

function shapeOf(file: string, shape: Literal | undefined): readonly number[] {
  if (Array.isArray(shape) && shape.every((dim): dim is number => typeof dim === 'number')) return shape;
  throw new FormatError(file, "its .npy header has no 'shape' of integers. The file is damaged.");
}

/**
 * Reads and checks the header of a .npy file, versions 1 to 3: that the array's bytes are all there, before any of
 * them is read. `what` names the array in errors.
 */
export async function readNpyHeader(source: ByteSource, what: string): Promise<NpyHeader> {
  const { version, start, end } = await preamble(source);
  const bytes = await readRange(source, start, end, 'the .npy header');
  const dict = parseDict(source.name, new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes));
  const { type, bigEndian } = elementTypeOf(source.name, dict.get('descr'));
  const shape = shapeOf(source.name, dict.get('shape'));
  const fortranOrder = dict.get('fortran_order');
  if (typeof fortranOrder !== 'boolean')
    throw new FormatError(source.name, "its .npy header has no 'fortran_order'. The file is damaged.");
  const size = elementCount(shape, { file: source.name, what }) * ELEMENT_BYTES[type];
  const room = source.size - end;
  if (size > room)
    throw new FormatError(
      source.name,
      `${what} of shape [${shape.join(', ')}] takes ${formatBytes(size)}, but only ${formatBytes(room)} follow its header. The file is cut short; get it again.`,
    );
  if (size < room)
    throw new FormatError(
      source.name,
      `has ${formatBytes(room - size)} after its array. Several arrays go into one .npz file (numpy.savez).`,
    );
  return { type, bigEndian, fortranOrder, shape, dataStart: end };
}
