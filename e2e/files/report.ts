import { z } from 'zod';

/** Numbers that are not finite are strings in report.json. */
const value = z.union([z.number(), z.enum(['Infinity', '-Infinity', 'NaN'])]).nullable();
const column = z.array(value);
const sqnr = z.object({ plain: value, equalized: value });

/** report.json as DESIGN promises it: a key that is missing or of another type fails the test. */
export const reportSchema = z.object({
  version: z.union([z.number(), z.string()]),
  model: z.object({
    name: z.string(),
    format: z.string(),
    inputs: z.array(z.unknown()),
    parameters: z.number(),
  }),
  backend: z.object({ name: z.string(), adapter: z.string() }),
  config: z.object({
    semantics: z.enum(['exact', 'pytorch']),
    qconfig: z.string(),
    qconfigs: z.object({
      byName: z.record(z.string(), z.string()),
      byType: z.record(z.string(), z.string()),
    }),
    method: z.enum(['input-weight', 'smoothquant', 'cross-layer', 'auto']),
    alpha: z.number(),
    absorbBias: z.boolean(),
    byHand: z.object({
      methods: z.record(z.string(), z.string()),
      scales: z.record(z.string(), z.record(z.string(), z.number())),
    }),
    equalization: z.object({
      global: z.boolean(),
      byName: z.record(z.string(), z.boolean()),
      byType: z.record(z.string(), z.boolean()),
    }),
    layers: z.unknown(),
  }),
  steps: z.array(z.object({ step: z.string(), ms: z.number(), changes: z.unknown() })),
  calibration: z.object({ samples: z.number(), batches: z.number() }),
  observers: z.array(
    z.object({
      name: z.string(),
      after: z.string(),
      kind: z.string(),
      min: z.union([value, column]),
      max: z.union([value, column]),
      scale: z.union([value, column]),
      zeroPoint: z.union([value, column]),
    }),
  ),
  layers: z.array(
    z.object({
      name: z.string(),
      decision: z.enum(['fold', 'mul', 'skip']),
      reason: z.string(),
      inputMin: column,
      inputMax: column,
      weightMin: column,
      weightMax: column,
      scale: column,
      sqnr,
    }),
  ),
  /** Null until `equalize` has run. */
  verification: z.object({ maxAbsError: value, maxRelError: value }).nullable(),
  /** Null until `convert` has run. */
  sqnr: sqnr.nullable(),
  /** Null until `convert` has run. */
  comparison: z
    .object({
      differences: z.array(
        z.object({ node: z.string(), also: z.array(z.string()), exact: z.string(), pytorch: z.string() }),
      ),
    })
    .nullable(),
});
export type Report = z.infer<typeof reportSchema>;

/** A value that the test knows to be there and finite. */
export function finite(number: z.infer<typeof value> | undefined): number {
  if (typeof number !== 'number') throw new Error(`expected a finite number in the report, got ${number}`);
  return number;
}
