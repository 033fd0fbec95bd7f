import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import { DEFAULT_SETTINGS } from '../settings';
import { calibrateStep, loadStep, prepareStep } from '../steps';
import { conv, linear, model } from '../testExact';
import { quietJob, testBatch } from '../testRun';
import { abortingJob, openDigits } from '../testStudio';
import { compareMethods } from './methodComparison';

/** Rows as the engine gives them, of a model without labels. */
async function rowsOf(float: ReturnType<typeof model>, sample: readonly number[]) {
  const batches = [testBatch(16, sample)];
  const load = { ...loadStep(float, []), ms: 0 };
  const prepare = { ...prepareStep(load, DEFAULT_SETTINGS), ms: 0 };
  const calibrate = { ...(await calibrateStep(prepare, DEFAULT_SETTINGS, batches, quietJob)), ms: 0 };
  const data = { calibration: batches, evaluation: null };
  return compareMethods({ load, prepare, calibrate }, DEFAULT_SETTINGS, data, quietJob);
}

beforeAll(() => openTestDevice('wasm'));

describe('methods side by side on the digits', () => {
  it('have the figures of Convert, and leave the steps as they were', { timeout: 300_000 }, async () => {
    const studio = await openDigits({ evaluation: true });
    const { results, layers } = await studio.run('convert', DEFAULT_SETTINGS, quietJob);
    const before = studio.view();
    const rows = await studio.compareMethods(DEFAULT_SETTINGS, quietJob);
    expect(studio.view()).toEqual(before);
    expect(rows.map(({ name }) => name)).toEqual([
      'none',
      'input-weight',
      'smoothquant',
      'cross-layer',
      'auto',
      'pytorch',
    ]);
    const [none, inputWeight, , , auto] = rows;
    expect(none).toMatchObject({ muls: 0, folds: 0, maxRelError: 0, error: null });
    expect(none?.sqnr).toBe(results?.sqnr.plain);
    expect(none?.accuracy).toBe(results?.accuracy?.plain);
    expect(inputWeight?.sqnr).toBe(results?.sqnr.equalized);
    expect(inputWeight?.accuracy).toBe(results?.accuracy?.equalized);
    expect(inputWeight).toMatchObject({ muls: 1, folds: 2 });
    expect(inputWeight?.layers).toEqual(
      Object.fromEntries(layers.map(({ name, sqnr }) => [name, sqnr.equalized])),
    );
    expect(auto?.sqnr ?? 0).toBeGreaterThanOrEqual(none?.sqnr ?? 0);
    for (const { maxRelError } of rows) expect(maxRelError ?? 1).toBeLessThan(1e-5);
  });

  it('are cancelled without a trace', async () => {
    const studio = await openDigits();
    const before = await studio.run('calibrate', DEFAULT_SETTINGS, quietJob);
    const job = abortingJob('Compare methods', 2);
    await expect(studio.compareMethods(DEFAULT_SETTINGS, job)).rejects.toBe(job.reason);
    expect(studio.view()).toEqual(before);
  });
});

describe('PyTorch’s own pass', () => {
  it('has its reason in its row where it fails, and the others have their figures', async () => {
    const depthwise = model((g) =>
      g.module('b', g.module('a', 'x', conv(1, 4, 4, { groups: 4 })), conv(1, 4, 2)),
    );
    const rows = await rowsOf(depthwise, [4, 6]);
    const failed = rows.filter(({ error }) => error !== null);
    expect(failed.map(({ name }) => name)).toEqual(['pytorch']);
    expect(failed[0]).toMatchObject({ sqnr: null, maxRelError: null, layers: {} });
    expect(rows.find(({ name }) => name === 'auto')?.sqnr).toBeGreaterThan(10);
  });

  it('moves the function where it takes a Tanh for a ReLU: the float error says by how much', async () => {
    const float = model((g) =>
      g.module('b', g.call('relu_like', 'torch.tanh', g.module('a', 'x', linear(6, 5))), linear(5, 4)),
    );
    const rows = await rowsOf(float, [6]);
    expect(rows.find(({ name }) => name === 'pytorch')?.maxRelError).toBeGreaterThan(0.01);
    expect(rows.find(({ name }) => name === 'auto')?.maxRelError).toBeLessThan(1e-5);
  });
});
