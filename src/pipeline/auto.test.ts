import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../exec/batches';
import { openTestDevice } from '../exec/testDevice';
import { nodeName } from '../graph/ids';
import { goldenIndex, readGolden, readGoldenModel } from './goldens/testGolden';
import { model as trapModel } from './testExact';
import { runPipeline, testBatch } from './testRun';
import { TRAPS } from './testTraps';

/**
 * What `auto` promises, with the default qconfig and every layer to be equalized. Here on every eighth golden, since a
 * search takes its time; `docs/methods.md` has all of them (e2e/methods/table.mjs).
 */
const GOLDENS = [...goldenIndex().keys()].filter((_, i) => i % 8 === 0);

beforeAll(() => openTestDevice('cpu'));

const batchesOf = (name: string): readonly Batch[] =>
  readGolden(name).calibration.map((inputs) => ({
    inputs: Object.fromEntries(Object.entries(inputs).map(([input, x]) => [nodeName(input), x])),
    samples: Object.values(inputs)[0]?.shape[0] ?? 0,
    labels: null,
  }));

describe('auto', { timeout: 300_000 }, () => {
  const gains: number[] = [];

  it.each(GOLDENS)('is never worse than int8 without equalization: %s', async (name) => {
    const run = await runPipeline(await readGoldenModel(name), batchesOf(name), { method: 'auto' });
    const { plain, equalized } = run.convert.outputs;
    expect(equalized.sqnr).toBeGreaterThanOrEqual(plain.sqnr ?? Number.NaN);
    expect(run.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
    gains.push((equalized.sqnr ?? 0) - (plain.sqnr ?? 0));
    // The search's own figures are those of the steps; there is none where no layer may be equalized.
    const { search } = run.equalize;
    expect(search?.plain ?? plain.sqnr).toBeCloseTo(plain.sqnr ?? Number.NaN, 9);
    expect(search?.found ?? plain.sqnr).toBeCloseTo(equalized.sqnr ?? Number.NaN, 9);
  });

  it('gains more than 3.5 dB on average there', () => {
    expect(gains).toHaveLength(GOLDENS.length);
    expect(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).toBeGreaterThan(3.5);
  });

  it('searches around scales and methods that are set by hand', async () => {
    const graph = TRAPS['connected layers']?.graph ?? (() => 'x');
    const byHand = { methods: { a: 'smoothquant' as const }, scales: { b: { 0: 3, 2: 0.2 } } };
    const run = await runPipeline(trapModel(graph), [testBatch(32, [6])], { method: 'auto', byHand });
    const { search, result } = run.equalize;
    // The figure of the search is that of the model which came out.
    expect(search?.found).toBeCloseTo(run.convert.outputs.equalized.sqnr ?? Number.NaN, 9);
    const b = result.decisions.find(({ layer }) => layer === 'b');
    expect([b?.scale?.values[0], b?.scale?.values[2]]).toEqual([3, Math.fround(0.2)]);
    expect(run.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
  });

  it.each(Object.entries(TRAPS))(
    'is never worse on a graph that PyTorch gets wrong: %s',
    async (_, { graph }) => {
      const batches = [testBatch(32, [6]), testBatch(7, [6], 'x', 2)];
      const run = await runPipeline(trapModel(graph), batches, { method: 'auto' });
      expect(run.convert.outputs.equalized.sqnr).toBeGreaterThanOrEqual(
        run.convert.outputs.plain.sqnr ?? Number.NaN,
      );
      expect(run.equalize.verification.maxRelError).toBeLessThanOrEqual(1e-5);
    },
  );
});
