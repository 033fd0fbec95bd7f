import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { applyChange, revertChange } from '../graph/change';
import { network, networkOf, WIDTH } from './testNetwork';
import { allBut, runPipeline, testBatch } from './testRun';

beforeAll(() => openTestDevice('cpu'));

it('exact equalization keeps the float function of random networks, whatever is selected', {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(network, async (sample) => {
      const model = networkOf(sample);
      const excluded = sample.excluded.map((i) => `n${i}`);
      const run = await runPipeline(model, [testBatch(16, [WIDTH])], { equalization: allBut(excluded) });
      expect(run.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
    }),
    { numRuns: 500 },
  );
});

it('every step can be played forwards and backwards change by change', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      network,
      fc.constantFrom('exact' as const, 'pytorch' as const),
      async (sample, semantics) => {
        const run = await runPipeline(networkOf(sample), [testBatch(4, [WIDTH])], { semantics });
        const steps = [run.load, run.prepare, run.calibrate, run.equalize, run.convert];
        steps.slice(1).forEach((snapshot, i) => {
          const before = steps[i]?.model.graph ?? { nodes: [] };
          expect(snapshot.changes.reduce(applyChange, before)).toEqual(snapshot.model.graph);
          expect(snapshot.changes.reduceRight(revertChange, snapshot.model.graph)).toEqual(before);
        });
      },
    ),
    { numRuns: 100 },
  );
});
