import { type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { FormatError } from '../../errors';
import { formatBytes } from '../../readRange';

/**
 * What a decoded file may take beyond four times its own size. An empty node is two bytes of a file and some hundred of
 * memory; a real one has a hundred bytes in the file and takes a thousand, which is room for 50,000 nodes in any case.
 */
const FREE_BYTES = 56 * 2 ** 20;
/** A graph of 200,000 nodes: no larger one is drawn, and reading it would take its time. Weights do not count. */
const MOST_BYTES = 96 * 2 ** 20;
/** About what V8 takes. Fields that the schema does not know are kept for writing. */
const COST = { message: 300, list: 32, bytes: 200, bigint: 32, value: 16, unknown: 200 } as const;
/** Real models nest a graph in a graph at most a few times. */
const MAX_DEPTH = 100;

const mostOf = (bytes: Uint8Array): number => Math.min(MOST_BYTES, 4 * bytes.length + FREE_BYTES);

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** What a length-delimited field holds. */
type Content = { readonly message: Schema } | { readonly cost: number } | { readonly costOfByte: number };

/** A message's fields by number, looked up once. */
interface Schema {
  readonly cost: number;
  readonly fields: Map<number, Content>;
}

const schemas = new Map<DescMessage, Schema>();

function schemaOf(desc: DescMessage): Schema {
  const known = schemas.get(desc);
  if (known) return known;
  const lists = desc.fields.filter(({ fieldKind }) => fieldKind === 'list').length;
  const schema: Schema = { cost: COST.message + COST.list * lists, fields: new Map() };
  // Before its fields: messages hold messages of their own kind.
  schemas.set(desc, schema);
  for (const field of desc.fields) schema.fields.set(field.number, contentOf(field));
  return schema;
}

function contentOf(field: DescMessage['fields'][number]): Content {
  if (field.message) return { message: schemaOf(field.message) };
  if (field.scalar === ScalarType.BYTES) return { cost: COST.bytes };
  if (field.scalar === ScalarType.STRING) return { cost: COST.value };
  // Packed: an int64 takes one byte at least, and is a bigint.
  const isWide = field.scalar === ScalarType.INT64 || field.scalar === ScalarType.UINT64;
  return { costOfByte: isWide ? COST.bigint : 2 };
}

/** Goes through the fields of a message without making anything of them. */
class Scan {
  private at = 0;
  private left: number;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly file: string,
  ) {
    this.left = mostOf(bytes);
  }

  private varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128 || factor > 2 ** 63) return value;
    }
  }

  private take(cost: number): void {
    this.left -= cost;
    if (this.left < 0)
      throw new FormatError(
        this.file,
        `its ${formatBytes(this.bytes.length)} hold so many parts (nodes, tensors, values) that they would take more than ${formatBytes(mostOf(this.bytes))}. It is damaged, or made to do harm; tensors of many values belong in raw_data.`,
      );
  }

  /** Where a field does not end in its message, the decoder says so, better. */
  message(schema: Schema, end: number, depth: number): void {
    if (depth > MAX_DEPTH)
      throw new FormatError(this.file, `its messages nest deeper than ${MAX_DEPTH} levels. It is damaged.`);
    this.take(schema.cost);
    while (this.at < end) {
      const tag = this.varint();
      const content = schema.fields.get(Math.floor(tag / 8));
      if (!content) this.take(COST.unknown);
      if (tag % 8 === LENGTH_DELIMITED) this.delimited(content, end, depth);
      else this.skip(tag % 8, content);
    }
  }

  private skip(type: number, content: Content | undefined): void {
    if (content) this.take('costOfByte' in content ? content.costOfByte : COST.value);
    if (type === VARINT) this.varint();
    else if (type === FIXED_64) this.at += 8;
    else if (type === FIXED_32) this.at += 4;
  }

  private delimited(content: Content | undefined, end: number, depth: number): void {
    const length = this.varint();
    const stop = Math.min(end, this.at + length);
    if (content && 'message' in content) this.message(content.message, stop, depth + 1);
    else if (content && 'cost' in content) this.take(content.cost);
    else if (content) this.take(content.costOfByte * Math.min(length, this.bytes.length));
    this.at = stop;
  }
}

/**
 * Refuses a message whose decoded form would take far more memory than its bytes, before any of it is made: millions of
 * empty parts, or parts nested without end.
 */
export function checkMessageCost(desc: DescMessage, bytes: Uint8Array, file: string): void {
  new Scan(bytes, file).message(schemaOf(desc), bytes.length, 0);
}
