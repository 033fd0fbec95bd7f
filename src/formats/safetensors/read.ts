import { lazyTensor } from '../../graph/lazyTensor';
import type { Tensor } from '../../graph/tensor';
import type { ByteSource } from '../byteSource';
import { decodeElements, type ElementType } from '../elements';
import { readRange, readRangeSync } from '../readRange';
import { readSafetensorsHeader, type TensorEntry } from './header';

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  /** By name, in the header's order. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Which tensors changed their element type on the way in. */
  readonly notes: readonly string[];
}

/** Element types that do not survive a round trip: what is written back is float32. */
const CONVERTED: Readonly<Partial<Record<ElementType, string>>> = {
  f64: 'float64 and was rounded to float32',
  f16: 'float16 and was widened to float32',
  bf16: 'bfloat16 and was widened to float32',
};

/** Smaller tensors are read at once, larger ones when they are needed, where the file lets them. */
const LAZY_BYTES = 2 ** 16;

/** Floats may stay in the file; integers, and floats that float32 cannot hold, must be seen at once. */
const canStay = (source: ByteSource, { type, start, end }: TensorEntry): boolean =>
  end - start >= LAZY_BYTES && source.readSync !== undefined && LOSSLESS.has(type);

const LOSSLESS: ReadonlySet<ElementType> = new Set(['f32', 'f16', 'bf16']);

/** One tensor, by its slice of the file. */
export async function readTensor(source: ByteSource, entry: TensorEntry): Promise<Tensor> {
  const what = `tensor '${entry.name}'`;
  const label = { file: source.name, what };
  if (canStay(source, entry))
    return lazyTensor('float32', entry.shape, () => {
      const bytes = readRangeSync(source, entry.start, entry.end, what);
      return decodeElements(bytes, entry.type, label).data;
    });
  const bytes = await readRange(source, entry.start, entry.end, what);
  return { shape: entry.shape, ...decodeElements(bytes, entry.type, label) };
}

/** All tensors by name. */
export async function readTensors(
  source: ByteSource,
  entries: readonly TensorEntry[],
): Promise<Readonly<Record<string, Tensor>>> {
  const tensors: [string, Tensor][] = [];
  for (const entry of entries) tensors.push([entry.name, await readTensor(source, entry)]);
  return Object.fromEntries(tensors);
}

/** One remark per element type that was converted: `3 tensors ('a', 'b', 'c') were …`. */
export function conversionNotes(entries: readonly Pick<TensorEntry, 'name' | 'type'>[]): readonly string[] {
  return Object.entries(CONVERTED).flatMap(([type, text]) => {
    const names = entries.filter((entry) => entry.type === type).map((entry) => `'${entry.name}'`);
    if (names.length === 0) return [];
    if (names.length === 1) return [`Tensor ${names[0]} is ${text}.`];
    const listed = names.length > 3 ? `${names.slice(0, 3).join(', ')}, …` : names.join(', ');
    return [`Each of ${names.length} tensors (${listed}) is ${text}.`];
  });
}

/** Reads a whole safetensors file. Throws a FormatError that names the tensor at fault. */
export async function readSafetensors(source: ByteSource): Promise<SafetensorsFile> {
  const { metadata, entries } = await readSafetensorsHeader(source);
  return { metadata, tensors: await readTensors(source, entries), notes: conversionNotes(entries) };
}
