import { type ArrayLabel, elementCount } from '../arraySize';
import type { ByteSource } from '../byteSource';
import { ELEMENT_BYTES, type ElementType } from '../elements';
import { FormatError } from '../errors';
import { parsedJson } from '../parsedJson';
import { formatBytes, readRange, viewOf } from '../readRange';
import { z } from '../zod';
import { firstIssue } from '../zodIssue';

/** The limit of the reference implementation (safetensors/src/tensor.rs, MAX_HEADER_SIZE). */
export const MAX_HEADER_BYTES = 100_000_000;
/** The file starts with the header's length, a little-endian u64. */
export const LENGTH_BYTES = 8;

/** The element types of the format that the studio reads. */
const TYPES: ReadonlyMap<string, ElementType> = new Map([
  ['F64', 'f64'],
  ['F32', 'f32'],
  ['F16', 'f16'],
  ['BF16', 'bf16'],
  ['I64', 'i64'],
  ['I32', 'i32'],
  ['I16', 'i16'],
  ['I8', 'i8'],
  ['U8', 'u8'],
  ['BOOL', 'bool'],
]);

/** Where a tensor stands in its file. */
export interface TensorEntry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Bytes `[start, end)` of the whole file. */
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: readonly TensorEntry[];
}

const metadataSchema = z.record(z.string(), z.string());
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.number()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

/** Length of the header, checked against the file and the limit before anything of that size is allocated. */
async function headerLength(source: ByteSource): Promise<number> {
  if (source.size < LENGTH_BYTES)
    throw new FormatError(
      source.name,
      `has ${formatBytes(source.size)}, too short for a safetensors file, which starts with its header's length in ${LENGTH_BYTES} bytes.`,
    );
  const length = viewOf(await readRange(source, 0, LENGTH_BYTES, 'the header length')).getBigUint64(0, true);
  const room = source.size - LENGTH_BYTES;
  if (length > BigInt(room))
    throw new FormatError(
      source.name,
      `states a header of ${length.toLocaleString('en-US')} bytes, but only ${formatBytes(room)} follow. The file is cut short or not a safetensors file.`,
    );
  if (length > BigInt(MAX_HEADER_BYTES))
    throw new FormatError(
      source.name,
      `states a header of ${length.toLocaleString('en-US')} bytes; at most ${formatBytes(MAX_HEADER_BYTES)} are read.`,
    );
  return Number(length);
}

function parseJson(file: string, bytes: Uint8Array): ReadonlyMap<string, unknown> {
  let json: unknown;
  try {
    json = parsedJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (reason) {
    throw new FormatError(
      file,
      `the safetensors header is not JSON (${reason instanceof Error ? reason.message : String(reason)}). The file is damaged or of another kind.`,
    );
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new FormatError(file, 'the safetensors header must be a JSON object of tensors.');
  return new Map(Object.entries(json));
}

function parseMetadata(file: string, value: unknown): Readonly<Record<string, string>> {
  const parsed = metadataSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new FormatError(file, `'__metadata__' must map names to strings: ${firstIssue(parsed.error)}.`);
}

function parseEntry(file: string, name: string, value: unknown, dataStart: number): TensorEntry {
  const label: ArrayLabel = { file, what: `tensor '${name}'` };
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) throw new FormatError(file, `${label.what}: ${firstIssue(parsed.error)}.`);
  const {
    dtype,
    shape,
    data_offsets: [begin, end],
  } = parsed.data;
  const type = TYPES.get(dtype);
  if (!type)
    throw new FormatError(
      file,
      `${label.what} has element type ${dtype}; the studio reads ${[...TYPES.keys()].join(', ')}. Convert it to F32 and save again.`,
    );
  const bytes = elementCount(shape, label) * ELEMENT_BYTES[type];
  if (end - begin !== bytes)
    throw new FormatError(
      file,
      `${label.what} has data_offsets [${begin}, ${end}], ${end - begin} bytes, but ${dtype} of shape [${shape.join(', ')}] takes ${bytes}.`,
    );
  return { name, type, shape, start: dataStart + begin, end: dataStart + end };
}

/**
 * The format's rule that tensors fill the data section exactly: no overlap, no hole, nothing left over
 * (https://huggingface.co/docs/safetensors, "Format"). A tensor past the end means a file that was cut short.
 */
function checkLayout(source: ByteSource, dataStart: number, entries: readonly TensorEntry[]): void {
  let position = dataStart;
  for (const entry of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const offsets = `[${entry.start - dataStart}, ${entry.end - dataStart}]`;
    if (entry.end > source.size)
      throw new FormatError(
        source.name,
        `tensor '${entry.name}' has data_offsets ${offsets}, but the data section has ${formatBytes(source.size - dataStart)}. The file is cut short; get it again.`,
      );
    if (entry.start !== position)
      throw new FormatError(
        source.name,
        `tensor '${entry.name}' has data_offsets ${offsets}, which ${entry.start < position ? 'overlap the tensor before it' : 'leave a hole before it'} (${position - dataStart} is expected). The file is damaged.`,
      );
    position = entry.end;
  }
  if (position !== source.size)
    throw new FormatError(
      source.name,
      `has ${formatBytes(source.size - position)} after its last tensor. The file is damaged.`,
    );
}

/**
 * Reads and checks the header alone: metadata and where each tensor stands. Every violation of the format is a
 * FormatError that names the tensor, the value and the limit.
 */
export async function readSafetensorsHeader(source: ByteSource): Promise<SafetensorsHeader> {
  const length = await headerLength(source);
  const dataStart = LENGTH_BYTES + length;
  const json = parseJson(source.name, await readRange(source, LENGTH_BYTES, dataStart, 'the header'));
  const metadata = parseMetadata(source.name, json.get('__metadata__'));
  const entries = [...json]
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => parseEntry(source.name, name, value, dataStart));
  checkLayout(source, dataStart, entries);
  return { metadata, entries };
}
