import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { bytesSource } from '../../formats/byteSource';
import { readFx } from '../../formats/fx/read';
import type { Model } from '../../graph/model';
import type { Tensor } from '../../graph/tensor';
import { QCONFIGS } from '../settings';

/* Reads what PyTorch did: the committed goldens of e2e/oracle (format: its README). For tests only. */

/** The committed goldens, or the folder named by GOLDENS: others of the same kinds (e2e/oracle/goldens.py). */
const FOLDER = process.env.GOLDENS
  ? pathToFileURL(`${process.env.GOLDENS}/`)
  : new URL('../../../e2e/oracle/goldens/', import.meta.url);

const NOT_FINITE = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY };
const number = z
  .union([z.number(), z.enum(['inf', '-inf', 'nan'])])
  .transform((value) => (typeof value === 'number' ? Math.fround(value) : NOT_FINITE[value]));
const numbers = z.array(number);
const perTensor = { min: number, max: number, scale: number, zeroPoint: z.number() };
const perChannel = { min: numbers, max: numbers };

const tensor = z
  .object({ dtype: z.literal('int64').optional(), shape: z.array(z.number()), data: numbers })
  .transform(
    ({ dtype, shape, data }): Tensor =>
      dtype === 'int64'
        ? { dtype: 'int32', shape, data: Int32Array.from(data) }
        : { dtype: 'float32', shape, data: Float32Array.from(data) },
  );
const inputs = z.record(z.string(), tensor);

const where = { name: z.string(), after: z.string() };
const observer = z.discriminatedUnion('kind', [
  z.object({ ...where, ...perTensor, kind: z.enum(['minmax', 'moving-average', 'histogram']) }),
  z.object({ ...where, kind: z.literal('fixed'), scale: number, zeroPoint: z.number() }),
  z.object({
    ...where,
    ...perChannel,
    kind: z.literal('per-channel-minmax'),
    scale: numbers,
    zeroPoint: z.array(z.number()),
  }),
  z.object({ ...where, ...perChannel, kind: z.enum(['equalization', 'weight-equalization']) }),
]);

const node = z.object({
  name: z.string().optional(),
  op: z.string(),
  target: z.string().optional(),
  type: z.string().optional(),
  observer: z.number().optional(),
  constant: tensor.optional(),
  packed: z.literal(true).optional(),
  args: z.json(),
  kwargs: z.json(),
});
const text = { seedGraph: z.string().optional() };
const observed = { nodes: z.array(node), observers: z.array(observer), ...text };
const weight = z.object({
  shape: z.array(z.number()),
  int: z.array(z.number()),
  scale: numbers,
  zeroPoint: z.array(z.number()),
  bias: numbers.nullable(),
});
const reference = z.object({ nodes: z.array(node), weights: z.record(z.string(), weight) });
const qparams = z.object({ scale: number, zeroPoint: z.number() });
const converted = z.object({ nodes: z.array(node), outputs: z.record(z.string(), qparams), ...text });

const choices = z.record(z.string(), z.enum([...QCONFIGS, 'none']));
const selection = z.record(z.string(), z.boolean());
const suite = z.union([
  z.object({ sqnr: z.record(z.string(), number), lowest: z.record(z.string(), z.array(z.string())) }),
  z.object({ error: z.string() }),
]);
const STEPS = ['prepare', 'calibrate', 'equalize', 'convert', 'lower'] as const;
const golden = z.object({
  name: z.string(),
  error: z
    .object({ step: z.enum(STEPS), type: z.string(), message: z.string(), node: z.string() })
    .nullable(),
  qconfig: z.enum([...QCONFIGS, 'moving-average']),
  qconfigs: z.object({ byName: choices, byType: choices }),
  equalization: z.object({ global: z.boolean(), byName: selection, byType: selection }),
  calibration: z.array(inputs),
  test: inputs,
  prepared: z.object(observed).optional(),
  equalized: z
    .object({ ...observed, scales: z.record(z.string(), numbers), params: z.record(z.string(), tensor) })
    .optional(),
  reference: reference.optional(),
  converted: converted.optional(),
  plain: z.object({ ...observed, reference, converted: converted.nullable() }).optional(),
  outputs: z.object({
    float: z.array(tensor),
    equalizedFloat: z.array(tensor).optional(),
    int8Plain: z.array(tensor).optional(),
    int8Equalized: z.array(tensor).optional(),
  }),
  layerSqnr: z.object({ plain: suite, equalized: suite }).optional(),
});

export type Golden = z.infer<typeof golden>;
export type GoldenObserver = z.infer<typeof observer>;
export type GoldenNode = z.infer<typeof node>;
export type GoldenReference = z.infer<typeof reference>;
export type GoldenConverted = z.infer<typeof converted>;
export type GoldenSuite = z.infer<typeof suite>;
export type GoldenStep = (typeof STEPS)[number];

const read = (file: string) => readFileSync(new URL(file, FOLDER));

const PARTS = [
  'prepared',
  'equalized',
  'plain',
  'reference',
  'converted',
  'layerSqnr',
  'text',
  'error',
] as const;
export type GoldenPart = (typeof PARTS)[number];

/** Names of the goldens, and which parts each has: a golden ends where PyTorch raised an error. */
export const goldenIndex = (): ReadonlyMap<string, readonly GoldenPart[]> =>
  new Map(
    Object.entries(
      z.record(z.string(), z.array(z.enum(PARTS))).parse(JSON.parse(read('index.json').toString())),
    ),
  );

export const readGolden = (name: string): Golden => golden.parse(JSON.parse(read(`${name}.json`).toString()));

export const readGoldenModel = async (name: string): Promise<Model> =>
  (await readFx(bytesSource(new Uint8Array(read(`${name}.safetensors`)), `${name}.safetensors`))).model;
