import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Batch } from '../exec/batches';
import { calibrateObservers } from '../exec/calibrateObservers';
import { openTestDevice } from '../exec/testDevice';
import { emptyObserver, type ObservedModel, observerState } from '../quant/observer';
import { entriesOf, observerNodes } from '../quant/withStats';
import { type Network, network, RandomNetwork, SIZE } from './testConvNetwork';
import { allBut, quietJob, runPipeline, testBatch } from './testRun';

beforeAll(() => openTestDevice('cpu'));

/** How far the observers' ranges are from those of the values that they observe, relative to the widest bound. */
async function rangeError(model: ObservedModel, batches: readonly Batch[]): Promise<number> {
  const empty = Object.fromEntries(
    entriesOf(model.observers).map(([name, observer]) => [
      name,
      { ...emptyObserver(observer), sharesWith: observer.sharesWith },
    ]),
  );
  const nodes = observerNodes(model);
  const taps = nodes.map(({ node }) => ({ node, axis: null }));
  const seen = await calibrateObservers({ ...model, observers: empty }, taps, batches, quietJob, 'exact');
  const errors = nodes.flatMap(({ module }) => {
    const [said, is] = [observerState(model, module), observerState(seen, module)];
    if (!said || !is) throw new Error(`'${module}' is no observer`);
    if (said.kind === 'fixed') return [];
    const width = Math.max(Math.abs(is.min), Math.abs(is.max), 1e-30);
    return [Math.max(Math.abs(said.min - is.min), Math.abs(said.max - is.max)) / width];
  });
  return Math.max(0, ...errors);
}

const plain = { a: 0, b: 0, form: 0, bias: false } as const;
/** A moved value that is read with the mul and without: what it was moved from stays observed. */
const READ_TWICE: Network = {
  rank: 2,
  units: [[{ ...plain, kind: 'relu' }], [{ ...plain, kind: 'conv' }], [{ ...plain, kind: 'add', b: 1 }]],
  excluded: [],
  outputs: [0],
  seed: 0,
};

it('exact equalization of random convolutions keeps the float function, and its observers the ranges', {
  timeout: 900_000,
}, async () => {
  const decided = { fold: 0, mul: 0, skip: 0 };
  await fc.assert(
    fc.asyncProperty(network, async (sample) => {
      const model = new RandomNetwork(sample).build();
      const excluded = sample.excluded.map((i) => `n${i}`);
      const batches = [testBatch(SIZE, new Array<number>(sample.rank - 1).fill(SIZE))];
      const { equalize } = await runPipeline(model, batches, { equalization: allBut(excluded) });
      for (const { decision } of equalize.result.decisions) decided[decision]++;
      expect(equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
      expect(await rangeError(equalize.model, batches)).toBeLessThanOrEqual(1e-4);
    }),
    { numRuns: 400, examples: [[READ_TWICE]] },
  );
  expect(Math.min(decided.fold, decided.mul, decided.skip)).toBeGreaterThan(100);
});
