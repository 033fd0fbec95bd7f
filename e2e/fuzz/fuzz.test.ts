import { describe, expect, it } from 'vitest';
import { FORMATS } from './formats';
import { fuzz } from './fuzz';

/** `npm run fuzz` opens more. */
const RUNS = 2000;

describe.each(FORMATS.map((format) => [format.name, format] as const))('damaged files: %s', (_, format) => {
  it('open or are refused, in little time and memory', { timeout: 300_000 }, async () => {
    const { counts, fault } = await fuzz(format, { runs: RUNS });
    if (fault)
      throw new Error(`seed ${fault.seed}, path ${fault.path}: ${fault.files.map(({ name }) => name)}`, {
        cause: fault.error,
      });
    const { tried, refused, opened } = counts;
    expect(tried).toBe(RUNS);
    expect(refused + opened).toBe(tried);
    // Damage that always or never shows would test little.
    expect(Math.min(refused, opened)).toBeGreaterThan(RUNS / 100);
  });
});
