import { expect, it } from 'vitest';
import { FakeEngine } from './fakeEngine';
import { fakeLayer } from './fakes/layers';
import { fakeSamples } from './fakes/samples';
import { gainLevel, gainsOf, nothingToPaint, printedGain } from './gains';
import { createStudioStore } from './studioStore';

it('a gain has the same colour in every model', () => {
  expect([0, 0.4, -0.4, 0.5, 2, 6, 40, -0.5, -2, -6].map(gainLevel)).toEqual([
    0, 0, 0, 1, 2, 3, 3, -1, -2, -3,
  ]);
  expect(gainLevel(Number.NEGATIVE_INFINITY)).toBe(-3);
});

it('only measured layers are painted', () => {
  const layer = (name: string, plain: number | null, equalized: number | null) => ({
    ...fakeLayer(name),
    sqnr: { plain, equalized },
  });
  const infinite = Number.POSITIVE_INFINITY;
  const layers = [layer('a', 20, 23), layer('b', null, 23), layer('c', infinite, infinite)];
  expect([...gainsOf(layers)]).toEqual([['a', 3]]);
});

it('a gain is the difference of the figures as they are printed', () => {
  // 27.5 → 27.6 and 12.3 → 29.9.
  expect(printedGain(27.54, 27.56)).toBe(0.1);
  expect(printedGain(12.34, 29.86)).toBe(17.6);
  expect(printedGain(12.34, 12.26)).toBe(0);
  expect(printedGain(0, -0.04)).toBe(0);
  expect(printedGain(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(0);
  expect(printedGain(Number.NEGATIVE_INFINITY, 3)).toBe(Number.POSITIVE_INFINITY);
});

it('there is nothing to paint before Convert, and where no layer was measured', async () => {
  const engine = new FakeEngine();
  engine.layers = [{ ...fakeLayer('fc'), sqnr: { plain: 20, equalized: 23 } }];
  const store = createStudioStore(engine, fakeSamples);
  await store.getState().openModel([new File(['x'], 'net.onnx')]);
  await store.getState().openData('calibration', [new File(['x'], 'data.npy')]);
  await store.getState().run('equalize');
  expect(nothingToPaint(store.getState().view)).toBe('Run Convert first');
  await store.getState().run('convert');
  const { view } = store.getState();
  expect(nothingToPaint(view)).toBeNull();
  const layers = [{ ...fakeLayer('fc'), sqnr: { plain: null, equalized: null } }];
  expect(nothingToPaint({ ...view, layers })).toBe('No layer has an SQNR on this data');
});
