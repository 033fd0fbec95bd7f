import { z } from '../zod';

/*
 * Values of the studio's work as JSON, with the numbers of arrays beside it in a safetensors file. Every object has a
 * number and stands once, however many hold it: what was one object is one again after reading. A record holds what is
 * new since the records before it, and names what stands there by number.
 */

/** Raised when what is written changes its meaning: records of another version are not read. */
export const RECORD_VERSION = 1;

/** A value in a place: JSON's own where JSON has it, else an object with one key. */
const inlineSchema = z.union([
  z.null(),
  z.boolean(),
  z.string(),
  z.number(),
  /** The object of that number. */
  z.strictObject({ ref: z.int().nonnegative() }),
  /** Something that stands outside of the records: a tensor of the model's file, a file. */
  z.strictObject({ outside: z.string() }),
  /** A number that JSON cannot write. */
  z.strictObject({ number: z.enum(['NaN', 'Infinity', '-Infinity', '-0']) }),
  z.strictObject({ bigint: z.string().regex(/^-?\d+$/) }),
  z.strictObject({ undefined: z.literal(true) }),
]);
export type Inline = Readonly<z.infer<typeof inlineSchema>>;

export const ARRAY_TYPES = [
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;

const formSchema = z.union([
  z.strictObject({ array: z.array(inlineSchema) }),
  z.strictObject({ object: z.array(z.tuple([z.string(), inlineSchema])) }),
  z.strictObject({ map: z.array(z.tuple([inlineSchema, inlineSchema])) }),
  z.strictObject({ set: z.array(inlineSchema) }),
  z.strictObject({ graphError: z.string(), node: z.string().nullable() }),
  /** The numbers stand in the safetensors file under that name. */
  z.strictObject({ numbers: z.enum(ARRAY_TYPES), tensor: z.string() }),
  /** A tensor whose data stays in its file until it is asked for. */
  z.strictObject({
    lazy: z.enum(['float32', 'int32', 'bool']),
    shape: z.array(z.int().nonnegative()),
    tensor: z.string(),
  }),
]);
export type Form = Readonly<z.infer<typeof formSchema>>;

export const recordSchema = z.object({
  version: z.literal(RECORD_VERSION),
  root: inlineSchema,
  /** By number, in the order in which they were found. */
  objects: z.array(z.tuple([z.int().nonnegative(), formSchema])),
});
export type SavedRecord = Readonly<z.infer<typeof recordSchema>>;
