import { expect, it } from 'vitest';
import { fakeLayer } from './fakes/layers';
import { gainLevel, gainsOf } from './gains';

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
