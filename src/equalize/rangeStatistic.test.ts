import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rangeStatistic } from './rangeStatistic';

const number = z.union([z.number(), z.enum(['inf', '-inf', 'nan'])]).transform((value) => {
  if (typeof value === 'number') return value;
  return value === 'nan' ? Number.NaN : value === 'inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
});
const floats = z.array(number).transform((values) => Float32Array.from(values));
const range = z.object({ min: floats, max: floats });

/** e2e/oracle/detector.py */
const reports = z
  .array(
    z.object({
      name: z.string(),
      input: range,
      weight: range,
      values: floats.nullable(),
      recommended: z.array(z.boolean()).nullable(),
      layer: z.boolean(),
      error: z.string().nullable(),
    }),
  )
  .parse(
    JSON.parse(readFileSync(new URL('../../e2e/oracle/goldens/detector.json', import.meta.url), 'utf8')),
  );

describe('the statistic of PyTorch’s detector', () => {
  it.each(reports.filter(({ error }) => error === null))('$name', (report) => {
    const found = rangeStatistic(report.input, report.weight);
    expect(found?.values).toEqual(report.values);
    const recommended = report.recommended ?? [];
    expect(found?.share).toBe(recommended.filter((is) => is).length / recommended.length);
    expect(found?.isRecommended).toBe(report.layer);
  });

  it.each(reports.filter(({ error }) => error !== null))('refuses: $name', ({ input, weight }) => {
    expect(rangeStatistic(input, weight)).toBeNull();
  });

  it('has cases of either advice', () => {
    const advised = reports.filter(({ error }) => error === null).map(({ layer }) => layer);
    expect(new Set(advised).size).toBe(2);
  });
});
