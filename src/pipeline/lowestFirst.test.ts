import { expect, it } from 'vitest';
import type { Comparison } from '../exec/comparison';
import { lowestFirst } from './lowestFirst';

const at = (sqnr: number | null): Comparison => ({
  maxAbsError: 0,
  maxRelError: 0,
  sqnr,
  compared: 1,
  excluded: 0,
});

it('puts broken layers first and equal ones in graph order, and leaves out those without a figure', () => {
  const plain = new Map([
    ['a', at(20)],
    ['b', at(10)],
    ['none', at(null)],
    ['c', at(10)],
    ['broken', at(Number.NEGATIVE_INFINITY)],
    ['float', at(Number.POSITIVE_INFINITY)],
  ]);
  const names = lowestFirst({ layers: { plain, equalized: new Map() } }).map(({ name }) => name);
  expect(names).toEqual(['broken', 'b', 'c', 'a', 'float']);
});
