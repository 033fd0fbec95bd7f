import { describe, expect, it } from 'vitest';
import { HOSTILE_LISTS } from './hostileTable';
import { attempt } from './measure';

describe.each(Object.entries(HOSTILE_LISTS))('%s', (_, inputs) => {
  it.each(inputs.map((input) => [input.what, input] as const))('%s', async (_, { files, open, refusal }) => {
    const made = files();
    const size = made.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const seen = await attempt(() => open(made), size);
    if (refusal === null) expect(seen.refusal).toBeNull();
    else expect(seen.refusal).toContain(refusal);
  });
});
