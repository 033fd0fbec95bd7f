import { z } from 'zod';

const headerSchema = z.record(z.string(), z.unknown());
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.number()),
  data_offsets: z.tuple([z.number(), z.number()]),
});

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  /** Raw bytes of each tensor with its type and shape. */
  readonly tensors: ReadonlyMap<
    string,
    { readonly dtype: string; readonly shape: readonly number[]; readonly bytes: Buffer }
  >;
}

/** Reads a safetensors file without the studio's reader. */
export function readSafetensors(file: Buffer): SafetensorsFile {
  const length = Number(file.readBigUInt64LE(0));
  const header = headerSchema.parse(JSON.parse(file.subarray(8, 8 + length).toString('utf8')));
  const { __metadata__, ...entries } = header;
  const tensors = Object.entries(entries).map(([name, value]) => {
    const { dtype, shape, data_offsets } = entrySchema.parse(value);
    const bytes = file.subarray(8 + length + data_offsets[0], 8 + length + data_offsets[1]);
    return [name, { dtype, shape, bytes }] as const;
  });
  return { metadata: z.record(z.string(), z.string()).parse(__metadata__ ?? {}), tensors: new Map(tensors) };
}
