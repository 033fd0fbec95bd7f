import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../../exec/batches';
import { openTestDevice } from '../../exec/testDevice';
import { nodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { floatTensor } from '../../graph/tensor';
import { DEFAULT_SETTINGS } from '../settings';
import { calibrateStep, loadStep, prepareStep } from '../steps';
import { linear, model, values } from '../testExact';
import { allBut, normal, quietJob } from '../testRun';
import { abortingJob, openDigits } from '../testStudio';
import { adviseLayers } from './advice';

const SAMPLES = 32;

/** Columns of normal values of these widths. */
function batchOf(widths: readonly number[]): Batch {
  const random = normal(3);
  const data = Float32Array.from(
    { length: SAMPLES * widths.length },
    (_, i) => random() * (widths[i % widths.length] ?? 0),
  );
  const x = { dtype: 'float32' as const, shape: [SAMPLES, widths.length], data };
  return { inputs: { [nodeName('x')]: x }, samples: SAMPLES, labels: null };
}

async function adviceOn(float: Model, widths: readonly number[]) {
  const batches = [batchOf(widths)];
  const load = { ...loadStep(float, []), ms: 0 };
  const prepare = { ...prepareStep(load, DEFAULT_SETTINGS), ms: 0 };
  const calibrate = await calibrateStep(prepare, DEFAULT_SETTINGS, batches, quietJob);
  return adviseLayers(calibrate.model, batches, quietJob);
}

/** A Linear with a column of zeros. */
function withDeadColumn(inFeatures: number, outFeatures: number, dead: number) {
  const weight = values(outFeatures, inFeatures).data.map((v, i) =>
    i % inFeatures === dead ? 0 : Number(v),
  );
  const layer = linear(inFeatures, outFeatures);
  return {
    ...layer,
    tensors: { ...layer.tensors, weight: floatTensor([outFeatures, inFeatures], Float32Array.from(weight)) },
  };
}

beforeAll(() => openTestDevice('wasm'));

describe('advice', () => {
  it('names dead columns of input and weight, and outliers', async () => {
    const float = model((g) => g.module('a', 'x', withDeadColumn(6, 4, 4)));
    const [advice] = await adviceOn(float, [1, 0, 1, 40, 1, 1.5]);
    expect(advice).toMatchObject({ layer: 'a', dead: [1, 4], outliers: [3], advised: true });
    expect(advice?.measured).toMatchObject({ cost: 'mul' });
    expect(advice?.measured.best).toBeGreaterThan((advice?.measured.plain ?? 0) + 3);
  });

  it('leaves alone what gains nothing: one column has no unevenness', async () => {
    const float = model((g) => g.module('a', 'x', linear(1, 4)));
    const [advice] = await adviceOn(float, [1]);
    expect(advice).toMatchObject({ advised: false, dead: [], outliers: [] });
    expect(advice?.detector).toEqual({ share: 1, isRecommended: true });
  });

  it('has no statistic where the whole input is constant', async () => {
    const float = model((g) => g.module('a', 'x', linear(3, 2)));
    const [advice] = await adviceOn(float, [0, 0, 0]);
    expect(advice).toMatchObject({ detector: null, dead: [0, 1, 2], outliers: [], advised: false });
  });
});

describe('advice on the digits', () => {
  it('has a row a layer, whichever are chosen, and leaves the steps as they were', async () => {
    const studio = await openDigits();
    const settings = { ...DEFAULT_SETTINGS, equalization: allBut(['linear2']) };
    const before = await studio.run('calibrate', settings, quietJob);
    const advice = await studio.advise(settings, quietJob);
    expect(studio.view()).toEqual(before);
    expect(advice.map(({ layer }) => layer)).toEqual(['linear1', 'linear2', 'linear3']);
    // Pixels that are black in every calibration image.
    expect(advice[0]?.dead).toHaveLength(5);
    expect(advice[0]?.advised).toBe(true);
  });

  it('is cancelled without a trace', async () => {
    const studio = await openDigits();
    const before = await studio.run('calibrate', DEFAULT_SETTINGS, quietJob);
    const job = abortingJob('Advise', 1);
    await expect(studio.advise(DEFAULT_SETTINGS, job)).rejects.toBe(job.reason);
    expect(studio.view()).toEqual(before);
  });
});
