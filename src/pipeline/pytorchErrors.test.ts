import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../exec/batches';
import { openTestDevice } from '../exec/testDevice';
import { batchOf, TestModel } from '../exec/testModel';
import { moduleName, paramName } from '../graph/ids';
import type { Model } from '../graph/model';
import { floatTensor } from '../graph/tensor';
import { observerState } from '../quant/observer';
import type { Settings } from './settings';
import { runPipeline } from './testRun';

/* Where PyTorch 1.13.1 stops, and where it goes on with what it should stop at: measured on the real thing. */

const square = [
  [1, 2],
  [3, 4],
];
const linear = (): Model => {
  const g = new TestModel();
  return g.build(g.linear('fc', g.input('x'), square, [1, 2]));
};
const data = (shape: readonly number[], ...values: readonly number[]): readonly Batch[] => [
  batchOf({ x: floatTensor(shape, Float32Array.from(values)) }),
];
const run = (batches: readonly Batch[], settings: Partial<Settings> = {}, model = linear()) =>
  runPipeline(model, batches, { semantics: 'pytorch', ...settings });
const none = { equalization: { global: false, byName: {}, byType: {} } };
const [OBSERVER, EQUALIZATION] = [
  'x_activation_post_process_0',
  'x_activation_post_process_0_equalization_process_0',
];
const withNaN = data([2, 2], 1, Number.NaN, 3, 4);

beforeAll(() => openTestDevice('cpu'));

describe('NaN in the data', () => {
  it('stops equalization at the observer of the columns', async () => {
    await expect(run(withNaN)).rejects.toMatchObject({ name: 'GraphError', node: EQUALIZATION });
    await expect(run(withNaN)).rejects.toThrow(
      /^PyTorch 1\.13\.1 stops here: channel 1 of the input of 'fc'/,
    );
  });

  it('stops convert at the first observer that saw it when nothing is equalized', async () => {
    await expect(run(withNaN, none)).rejects.toMatchObject({ node: OBSERVER });
    await expect(run(withNaN, none)).rejects.toThrow(/has seen NaN, of which it can make no scale/);
  });

  it.each(['fbgemm', 'qnnpack'] as const)('stops the histograms of %s in calibration', async (qconfig) => {
    await expect(run(withNaN, { qconfig })).rejects.toMatchObject({ node: OBSERVER });
    await expect(run(withNaN, { qconfig })).rejects.toThrow(/HistogramObserver cannot make bins/);
  });

  it('is left out of ranges in exact semantics', async () => {
    const { calibrate } = await run(withNaN, { semantics: 'exact' });
    expect(observerState(calibrate.model, moduleName(OBSERVER))).toMatchObject({ min: 1, max: 4 });
  });
});

it('infinity goes on: scale 1 for its column, an infinite range for the observer', async () => {
  const { calibrate, equalize } = await run(data([2, 2], 1, Number.POSITIVE_INFINITY, 3, 4));
  const infinite = { min: 1, max: Number.POSITIVE_INFINITY };
  expect(observerState(calibrate.model, moduleName(OBSERVER))).toMatchObject(infinite);
  expect(calibrate.model.equalizationObservers[moduleName(EQUALIZATION)]?.channels?.max).toEqual(
    Float32Array.of(3, Number.POSITIVE_INFINITY),
  );
  const { data: scale } = equalize.model.params[paramName('x_equalization_scale0')] ?? {};
  expect(scale?.[0]).toBeCloseTo(1, 6);
  expect(scale?.[1]).toBe(1);
});

describe('an equalization observer takes two to five axes', () => {
  it.each<readonly [number, readonly number[]]>([
    [1, [2]],
    [6, [1, 1, 1, 1, 1, 2]],
  ])('not %d: calibration stops at the layer', async (axes, shape) => {
    await expect(run(data(shape, 1, 2))).rejects.toMatchObject({ name: 'GraphError', node: 'fc' });
    await expect(run(data(shape, 1, 2))).rejects.toThrow(`the input of 'fc' has ${axes} axes`);
    await expect(run(data(shape, 1, 2), none)).resolves.toBeDefined();
  });

  it('and multiplies axis 1, whatever the layer reads', async () => {
    const batches = data([1, 2, 1, 1, 2], 1, 2, 3, 5);
    const { equalize } = await run(batches);
    const { shape } = equalize.model.params[paramName('x_equalization_scale0')] ?? {};
    expect(shape).toEqual([1, 2, 1, 1, 1]);
  });
});

it('one column of scale 1: PyTorch keeps torch.tensor(1) and scales neither rows nor range', async () => {
  const g = new TestModel();
  const first = g.linear('a', g.input('x'), [[1], [-2]]);
  const model = g.build(g.linear('b', first, [[1, 2], [3, 8]])); // biome-ignore format: a matrix
  const { equalize, load } = await run(data([2, 1], 3, 3), {}, model);
  expect(equalize.model.params[paramName('x_equalization_scale0')]).toMatchObject({ shape: [] });
  expect(equalize.model.params[paramName('a.weight')]).toEqual(load.model.params[paramName('a.weight')]);
});
