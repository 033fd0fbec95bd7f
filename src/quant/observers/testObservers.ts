import { readFileSync } from 'node:fs';
import { z } from 'zod';

/* What PyTorch's observers did, batch by batch: e2e/oracle/observers.py wrote it. For tests only. */

const spec = z.object({
  dtype: z.enum(['torch.quint8', 'torch.qint8']),
  qscheme: z.enum([
    'torch.per_tensor_affine',
    'torch.per_tensor_symmetric',
    'torch.per_channel_affine',
    'torch.per_channel_symmetric',
  ]),
  reduceRange: z.boolean(),
  quantRange: z.tuple([z.number(), z.number()]).nullable(),
});
const batches = z.array(z.array(z.number()).transform((values) => Float32Array.from(values)));
const state = z.object({
  min: z.array(z.number()),
  max: z.array(z.number()),
  scale: z.array(z.number()),
  zeroPoint: z.array(z.number()),
});
const ranged = z.object({
  observer: z.string(),
  spec,
  averaging: z.number().nullable(),
  batches,
  states: z.array(state),
});
const histogram = z.object({
  name: z.string(),
  spec,
  bins: z.number(),
  upsampleRate: z.number(),
  batches,
  states: z.array(
    state.extend({
      search: z.tuple([z.number(), z.number()]),
      histogram: z.array(z.number()).nullable(),
    }),
  ),
});

export type GoldenSpec = z.infer<typeof spec>;
export type GoldenRanged = z.infer<typeof ranged>;
export type GoldenHistogram = z.infer<typeof histogram>;

const FILE = new URL('../../../e2e/oracle/goldens/observers.json', import.meta.url);

export const goldenObservers = z
  .object({ range: z.array(ranged), channel: z.array(ranged), histogram: z.array(histogram) })
  .parse(JSON.parse(readFileSync(FILE).toString()));
