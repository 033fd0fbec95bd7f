import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { bytesSource } from '../formats/byteSource';
import { readFx } from '../formats/fx/read';
import type { Model } from '../graph/model';
import type { Tensor } from '../graph/tensor';

/* Reads what PyTorch did: the committed goldens of e2e/oracle (format: its README). For tests only. */

const FOLDER = new URL('../../e2e/oracle/goldens/', import.meta.url);

const number = z.union([z.number(), z.enum(['inf', '-inf', 'nan'])]).transform((value) => {
  if (typeof value === 'number') return value;
  return value === 'nan' ? Number.NaN : value === 'inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
});
const tensor = z
  .object({ shape: z.array(z.number()), data: z.array(number) })
  .transform(({ shape, data }): Tensor => ({ dtype: 'float32', shape, data: Float32Array.from(data) }));
const observer = z.discriminatedUnion('kind', [
  z.object({
    name: z.string(),
    after: z.string(),
    kind: z.literal('minmax'),
    min: number,
    max: number,
    scale: number,
    zeroPoint: z.number(),
  }),
  z.object({
    name: z.string(),
    after: z.string(),
    kind: z.literal('fixed'),
    scale: number,
    zeroPoint: z.number(),
  }),
  z.object({
    name: z.string(),
    after: z.string(),
    kind: z.literal('equalization'),
    min: z.array(number),
    max: z.array(number),
  }),
]);
const converted = z.object({
  seedGraph: z.string(),
  quantized: z.array(z.object({ name: z.string(), after: z.string(), scale: number, zeroPoint: z.number() })),
  layers: z.record(
    z.string(),
    z.object({
      relu: z.boolean(),
      weight: z.object({
        shape: z.array(z.number()),
        int: z.array(z.number()),
        scale: z.array(number),
        zeroPoint: z.array(z.number()),
      }),
      output: z.object({ scale: number, zeroPoint: z.number() }),
    }),
  ),
});
const golden = z.object({
  name: z.string(),
  qconfig: z.enum(['default', 'per-channel']),
  selected: z.array(z.string()).nullable(),
  calibration: z.array(tensor),
  test: tensor,
  prepared: z.object({ seedGraph: z.string(), observers: z.array(observer) }),
  equalized: z.object({
    seedGraph: z.string(),
    scales: z.record(z.string(), z.array(number)),
    observers: z.array(observer),
    params: z.record(z.string(), tensor),
  }),
  plain: z.object({ seedGraph: z.string(), converted }),
  converted,
  outputs: z.object({ float: tensor, equalizedFloat: tensor, int8Plain: tensor, int8Equalized: tensor }),
});

export type Golden = z.infer<typeof golden>;
export type GoldenObserver = z.infer<typeof observer>;
export type GoldenConverted = z.infer<typeof converted>;

const read = (file: string) => readFileSync(new URL(file, FOLDER));

export const goldenNames = (): readonly string[] =>
  z.array(z.string()).parse(JSON.parse(read('index.json').toString()));

export const readGolden = (name: string): Golden => golden.parse(JSON.parse(read(`${name}.json`).toString()));

export const readGoldenModel = async (name: string): Promise<Model> =>
  (await readFx(bytesSource(new Uint8Array(read(`${name}.safetensors`)), `${name}.safetensors`))).model;
