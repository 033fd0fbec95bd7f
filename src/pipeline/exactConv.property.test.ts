import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { network, RandomNetwork, SIZE } from './testConvNetwork';
import { allBut, runPipeline, testBatch } from './testRun';

beforeAll(() => openTestDevice('cpu'));

it('exact equalization keeps the float function of random networks of convolutions', {
  timeout: 180_000,
}, async () => {
  const decided = { fold: 0, mul: 0, skip: 0 };
  await fc.assert(
    fc.asyncProperty(network, async (sample) => {
      const model = new RandomNetwork(sample).build();
      const excluded = sample.excluded.map((i) => `n${i}`);
      const shape = new Array<number>(sample.rank - 1).fill(SIZE);
      const run = await runPipeline(model, [testBatch(SIZE, shape)], {
        equalization: allBut(excluded),
      });
      for (const { decision } of run.equalize.result.decisions) decided[decision]++;
      expect(run.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
    }),
    { numRuns: 400, seed: 20261123 },
  );
  expect(Math.min(decided.fold, decided.mul, decided.skip)).toBeGreaterThan(100);
});
