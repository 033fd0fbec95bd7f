import { GraphError } from '../../graph/errors';
import { lazyTensor } from '../../graph/lazyTensor';
import { type DType, sizeOf, type TensorData } from '../../graph/tensor';
import type { ByteSource } from '../byteSource';
import { FormatError } from '../errors';
import { parsedJson } from '../parsedJson';
import { readRange, readRangeSync } from '../readRange';
import { readSafetensorsHeader, type TensorEntry } from '../safetensors/header';
import { firstIssue } from '../zodIssue';
import { type ARRAY_TYPES, type Form, type Inline, RECORD_VERSION, recordSchema } from './form';

/** A record as files: JSON, and its numbers as safetensors. */
export interface RecordFiles {
  readonly json: ByteSource;
  readonly numbers: ByteSource;
}

/** JSON of more is no record of the studio. */
export const MAX_JSON_BYTES = 2 ** 29;

/** Objects in objects: the studio's own are some twenty deep, and each level takes room on the stack. */
const MAX_DEPTH = 1000;

interface Place {
  readonly file: string;
  readonly form: Form;
  readonly numbers: ReadonlyMap<string, unknown>;
}

/**
 * The roots of records, in their order; each may name objects of those before it. `outside` gives what stands outside.
 * `seen` is told of every object with its number. A FormatError when a record is damaged or of another version.
 */
export async function readRecords(
  records: readonly RecordFiles[],
  outside: (name: string) => unknown,
  seen: (value: object, id: number) => void = () => {},
): Promise<readonly unknown[]> {
  const places = new Map<number, Place>();
  const roots: { readonly file: string; readonly root: Inline }[] = [];
  for (const { json, numbers } of records) {
    const record = await readJson(json);
    const arrays = await readNumbers(numbers, record.objects);
    for (const [id, form] of record.objects) {
      if (places.has(id)) throw new FormatError(json.name, `holds the object ${id}, which stands before it.`);
      places.set(id, { file: json.name, form, numbers: arrays });
    }
    roots.push({ file: json.name, root: record.root });
  }
  const values = new Values(places, outside, seen);
  return roots.map(({ file, root }) => values.inline(root, file));
}

async function readJson(source: ByteSource) {
  if (source.size > MAX_JSON_BYTES)
    throw new FormatError(
      source.name,
      `has ${source.size} bytes; a record has at most ${MAX_JSON_BYTES}. It is not one of the studio's.`,
    );
  const text = new TextDecoder().decode(await readRange(source, 0, source.size, 'the record'));
  let json: unknown;
  try {
    json = parsedJson(text);
  } catch (reason) {
    throw new FormatError(
      source.name,
      `is not JSON (${reason instanceof Error ? reason.message : String(reason)}).`,
    );
  }
  const parsed = recordSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const version: unknown =
    typeof json === 'object' && json !== null && 'version' in json ? json.version : null;
  throw new FormatError(
    source.name,
    version !== RECORD_VERSION
      ? `is a record of version ${String(version)}; this studio reads version ${RECORD_VERSION}. Run the steps again.`
      : `is no record of the studio: ${firstIssue(parsed.error)}.`,
  );
}

/** Arrays by name; those of lazy tensors stay in the file. */
async function readNumbers(
  source: ByteSource,
  objects: readonly (readonly [number, Form])[],
): Promise<ReadonlyMap<string, unknown>> {
  const { entries } = await readSafetensorsHeader(source);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const found = new Map<string, unknown>();
  for (const [, form] of objects) {
    if (!('tensor' in form)) continue;
    const entry = byName.get(form.tensor);
    if (!entry) throw new FormatError(source.name, `has no array '${form.tensor}', which its record names.`);
    if ('lazy' in form) found.set(form.tensor, lazyOf(source, entry, form.lazy, form.shape));
    else
      found.set(form.tensor, arrayOf(form.numbers, await readEntry(source, entry), source.name, form.tensor));
  }
  return found;
}

const readEntry = (source: ByteSource, { name, start, end }: TensorEntry): Promise<Uint8Array> =>
  readRange(source, start, end, `array '${name}'`);

const LAZY_TYPES = { float32: 'Float32Array', int32: 'Int32Array', bool: 'Uint8Array' } as const;

function lazyOf(source: ByteSource, entry: TensorEntry, dtype: DType, shape: readonly number[]) {
  const { name, start, end } = entry;
  const type = LAZY_TYPES[dtype];
  const width = dtype === 'bool' ? 1 : 4;
  if (end - start !== sizeOf(shape) * width)
    throw new FormatError(
      source.name,
      `array '${name}' has ${end - start} bytes; a tensor of shape [${shape.join(', ')}] takes ${sizeOf(shape) * width}.`,
    );
  return lazyTensor(dtype, shape, () => {
    const bytes = readRangeSync(source, start, end, `array '${name}'`);
    return tensorArray(type, bytes);
  });
}

function tensorArray(type: 'Float32Array' | 'Int32Array' | 'Uint8Array', bytes: Uint8Array): TensorData {
  const own = bytes.slice().buffer;
  if (type === 'Float32Array') return new Float32Array(own);
  return type === 'Int32Array' ? new Int32Array(own) : new Uint8Array(own);
}

const CONSTRUCTORS: {
  readonly [T in (typeof ARRAY_TYPES)[number]]: {
    readonly BYTES_PER_ELEMENT: number;
    new (buffer: ArrayBuffer): ArrayBufferView;
  };
} = {
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
};

function arrayOf(type: (typeof ARRAY_TYPES)[number], bytes: Uint8Array, file: string, name: string) {
  const { BYTES_PER_ELEMENT: width } = CONSTRUCTORS[type];
  if (bytes.length % width !== 0)
    throw new FormatError(
      file,
      `array '${name}' has ${bytes.length} bytes, no multiple of ${width} (${type}).`,
    );
  return new CONSTRUCTORS[type](new Uint8Array(bytes).buffer);
}

/** Objects by number, each made once, when it is first asked for. */
class Values {
  private readonly made = new Map<number, unknown>();
  private readonly making = new Set<number>();

  constructor(
    private readonly places: ReadonlyMap<number, Place>,
    private readonly outside: (name: string) => unknown,
    private readonly seen: (value: object, id: number) => void,
  ) {}

  inline(value: Inline, file: string): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if ('ref' in value) return this.object(value.ref, file);
    if ('number' in value) return Number(value.number);
    if ('bigint' in value) return BigInt(value.bigint);
    if ('undefined' in value) return undefined;
    return this.outside(value.outside);
  }

  private object(id: number, file: string): unknown {
    if (this.made.has(id)) return this.made.get(id);
    const place = this.places.get(id);
    if (!place) throw new FormatError(file, `names the object ${id}, which no record holds.`);
    if (this.making.has(id)) throw new FormatError(file, `the object ${id} holds itself.`);
    if (this.making.size >= MAX_DEPTH)
      throw new FormatError(
        file,
        `the object ${id} stands in ${this.making.size} others; at most ${MAX_DEPTH} are read.`,
      );
    this.making.add(id);
    const value = this.of(place);
    this.making.delete(id);
    this.made.set(id, value);
    if (typeof value === 'object' && value !== null) this.seen(value, id);
    return value;
  }

  private of({ form, file, numbers }: Place): unknown {
    const inner = (value: Inline) => this.inline(value, file);
    if ('array' in form) return form.array.map(inner);
    if ('object' in form) return Object.fromEntries(form.object.map(([key, value]) => [key, inner(value)]));
    if ('map' in form) return new Map(form.map.map(([key, value]) => [inner(key), inner(value)]));
    if ('set' in form) return new Set(form.set.map(inner));
    if ('graphError' in form) return new GraphError(form.graphError, form.node);
    return numbers.get(form.tensor);
  }
}
