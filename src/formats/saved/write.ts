import { GraphError } from '../../graph/errors';
import { isLazy } from '../../graph/lazyTensor';
import { type DType, sizeOf, type Tensor } from '../../graph/tensor';
import type { ARRAY_TYPES, Form, Inline, SavedRecord } from './form';
import { RECORD_VERSION } from './form';
import { isArrayType, type Numbers, numbersFile } from './numbers';

/** A record to be written: JSON, and the file of its numbers in parts, made one after the other. */
export interface WrittenRecord {
  readonly json: string;
  readonly numbers: Iterable<Uint8Array<ArrayBuffer>>;
  readonly bytes: number;
  /** Numbers of earlier objects that this record names. */
  readonly uses: ReadonlySet<number>;
  /** The numbers of its own. */
  readonly first: number;
  readonly end: number;
}

/** What an object is called that is not written, but found again elsewhere when the record is read; null: it is written. */
export type Outside = (value: object) => string | null;

const DTYPE_BYTES: { readonly [D in DType]: number } = { float32: 4, int32: 4, bool: 1 };

/** Writes values into records. It remembers what it has written, without keeping it alive. */
export class RecordWriter {
  private readonly known = new WeakMap<object, number>();
  private next: number;

  /** `next` is the first number that no record holds. */
  constructor(
    private readonly outside: Outside,
    next = 0,
  ) {
    this.next = next;
  }

  /** Objects that were read from records keep their numbers. */
  remember(value: object, id: number): void {
    this.known.set(value, id);
  }

  write(root: unknown): WrittenRecord {
    const first = this.next;
    const record = new RecordInMaking(this.outside, {
      of: (value) => this.known.get(value),
      add: (value) => {
        this.known.set(value, this.next);
        this.next += 1;
        return this.next - 1;
      },
      first,
    });
    return record.finish(root, () => this.next);
  }
}

interface Ids {
  of(value: object): number | undefined;
  add(value: object): number;
  readonly first: number;
}

class RecordInMaking {
  private readonly objects: [number, Form][] = [];
  private readonly numbers: Numbers[] = [];
  private readonly waiting: { readonly id: number; readonly value: object; readonly path: string }[] = [];
  private readonly uses = new Set<number>();

  constructor(
    private readonly outside: Outside,
    private readonly ids: Ids,
  ) {}

  finish(value: unknown, end: () => number): WrittenRecord {
    const root = this.inline(value, '');
    // The list grows while it is gone through.
    for (const { id, value: object, path } of this.waiting)
      this.objects.push([id, this.form(object, id, path)]);
    const record: SavedRecord = { version: RECORD_VERSION, root, objects: this.objects };
    const json = JSON.stringify(record);
    const { parts, size } = numbersFile(this.numbers);
    return {
      json,
      numbers: parts,
      bytes: json.length + size,
      uses: this.uses,
      first: this.ids.first,
      end: end(),
    };
  }

  private inline(value: unknown, path: string): Inline {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return inlineNumber(value);
      case 'undefined':
        return { undefined: true };
      case 'bigint':
        return { bigint: String(value) };
      case 'object':
        return value === null ? null : this.reference(value, path);
      case 'function':
      case 'symbol':
        throw new Error(`internal: '${path}' is a ${typeof value}, which cannot be saved.`);
      default:
        throw new Error(`internal: '${path}' is of a kind that cannot be saved.`);
    }
  }

  private reference(value: object, path: string): Inline {
    const outside = this.outside(value);
    if (outside !== null) return { outside };
    const known = this.ids.of(value);
    if (known !== undefined) {
      if (known < this.ids.first) this.uses.add(known);
      return { ref: known };
    }
    const id = this.ids.add(value);
    this.waiting.push({ id, value, path });
    return { ref: id };
  }

  private form(value: object, id: number, path: string): Form {
    const inner = (part: unknown, key: string) => this.inline(part, path === '' ? key : `${path}.${key}`);
    if (Array.isArray(value)) return { array: value.map((part: unknown, at) => inner(part, String(at))) };
    if (value instanceof Map)
      return { map: [...value].map(([key, part]) => [inner(key, 'key'), inner(part, String(key))]) };
    if (value instanceof Set) return { set: [...value].map((part, at) => inner(part, String(at))) };
    if (value instanceof GraphError) return { graphError: value.message, node: value.node };
    if (ArrayBuffer.isView(value)) return this.typedArray(value, id, path);
    if (isTensor(value) && isLazy(value)) return this.lazy(value, id, path);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null)
      throw new Error(`internal: '${path}' is a ${value.constructor.name}, which cannot be saved.`);
    return { object: Object.entries(value).map(([key, part]) => [key, inner(part, key)]) };
  }

  private typedArray(value: ArrayBufferView, id: number, path: string): Form {
    const type = value.constructor.name;
    if (!isArrayType(type)) throw new Error(`internal: '${path}' is a ${type}, which cannot be saved.`);
    const tensor = `${id} ${path}`;
    const bytes = () => bytesOf(value);
    this.numbers.push({ name: tensor, type, byteLength: value.byteLength, bytes });
    return { numbers: type, tensor };
  }

  private lazy(value: Tensor, id: number, path: string): Form {
    const tensor = `${id} ${path}`;
    const { dtype, shape } = value;
    const bytes = () => bytesOf(value.data);
    const type = LAZY_TYPES[dtype];
    this.numbers.push({ name: tensor, type, byteLength: sizeOf(shape) * DTYPE_BYTES[dtype], bytes });
    return { lazy: dtype, shape: [...shape], tensor };
  }
}

const LAZY_TYPES = {
  float32: 'Float32Array',
  int32: 'Int32Array',
  bool: 'Uint8Array',
} as const satisfies { readonly [D in DType]: (typeof ARRAY_TYPES)[number] };

/** A copy: the array may lie in memory that threads share, which files are not written from. */
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(byteLength);
  bytes.set(new Uint8Array(buffer, byteOffset, byteLength));
  return bytes;
};

const isTensor = (value: object): value is Tensor => 'dtype' in value && 'shape' in value && 'data' in value;

function inlineNumber(value: number): Inline {
  if (Number.isNaN(value)) return { number: 'NaN' };
  if (value === Number.POSITIVE_INFINITY) return { number: 'Infinity' };
  if (value === Number.NEGATIVE_INFINITY) return { number: '-Infinity' };
  return Object.is(value, -0) ? { number: '-0' } : value;
}
