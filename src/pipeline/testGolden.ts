import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { bytesSource } from '../formats/byteSource';
import { readFx } from '../formats/fx/read';
import type { Model } from '../graph/model';
import type { Tensor } from '../graph/tensor';
import { movingAverage } from '../quant/observers/movingAverageMinMax';
import { QCONFIG_PRESETS } from '../quant/qconfig';
import type { QConfigMapping } from '../quant/qconfigMapping';
import { quantizationSpec } from '../quant/spec';
import { qconfigMapping } from './qconfigs';
import { DEFAULT_SETTINGS, QCONFIGS, type Settings } from './settings';
import { allBut } from './testRun';

/* Reads what PyTorch did: the committed goldens of e2e/oracle (format: its README). For tests only. */

/** The committed goldens, or the folder named by GOLDENS: others of the same kinds (e2e/oracle/goldens.py). */
const FOLDER = process.env.GOLDENS
  ? pathToFileURL(`${process.env.GOLDENS}/`)
  : new URL('../../e2e/oracle/goldens/', import.meta.url);

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
    kind: z.enum(['minmax', 'moving-average', 'histogram']),
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
const choices = z.record(z.string(), z.enum([...QCONFIGS, 'none']));
const golden = z.object({
  name: z.string(),
  qconfig: z.enum([...QCONFIGS, 'moving-average']),
  qconfigs: z.object({ byName: choices, byType: choices }),
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

/** The golden's settings; a qconfig that the page does not offer stands for the default one there. */
export const goldenSettings = (golden: Golden, excluded: readonly string[]): Settings => ({
  ...DEFAULT_SETTINGS,
  semantics: 'pytorch',
  qconfig: golden.qconfig === 'moving-average' ? 'default' : golden.qconfig,
  qconfigs: golden.qconfigs,
  equalization: allBut(excluded),
});

/** `QConfig(MovingAverageMinMaxObserver.with_args(dtype=quint8, reduce_range=True), default_weight_observer)`. */
const MOVING_AVERAGE = {
  name: 'moving-average',
  activation: movingAverage(
    quantizationSpec({ dtype: 'torch.quint8', qscheme: 'torch.per_tensor_affine', reduceRange: true }),
  ),
  weight: QCONFIG_PRESETS.default.weight,
};

export function goldenMapping(golden: Golden): QConfigMapping {
  const mapping = qconfigMapping(goldenSettings(golden, []));
  return golden.qconfig === 'moving-average' ? { ...mapping, global: MOVING_AVERAGE } : mapping;
}
