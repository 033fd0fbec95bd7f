import { describe, expect, it } from 'vitest';
import { nextOrder, type SortKey, sortRows } from './sortRows';

const sorted = (keys: readonly SortKey[], direction: 'ascending' | 'descending') =>
  sortRows(keys, (key) => key, direction);

describe('rows in the order of a column', () => {
  it('have what is not known at the end, both ways', () => {
    const keys = [3, null, Number.NEGATIVE_INFINITY, Number.NaN, 10];
    expect(sorted(keys, 'ascending')).toEqual([Number.NEGATIVE_INFINITY, 3, 10, null, Number.NaN]);
    expect(sorted(keys, 'descending')).toEqual([10, 3, Number.NEGATIVE_INFINITY, null, Number.NaN]);
  });
  it('count numbers inside names, and keep equal rows as they were', () => {
    expect(sorted(['fc10', 'fc2', 'a'], 'ascending')).toEqual(['a', 'fc2', 'fc10']);
    const rows = [
      { name: 'x', muls: 1 },
      { name: 'y', muls: 0 },
      { name: 'z', muls: 1 },
    ];
    const names = (direction: 'ascending' | 'descending') =>
      sortRows(rows, ({ muls }) => muls, direction).map(({ name }) => name);
    expect(names('ascending')).toEqual(['y', 'x', 'z']);
    expect(names('descending')).toEqual(['x', 'z', 'y']);
  });
});

it('a column’s button sorts one way, the other way, and not at all', () => {
  const first = nextOrder(null, 'sqnr', 'descending');
  expect(first).toEqual({ column: 'sqnr', direction: 'descending' });
  const second = nextOrder(first, 'sqnr', 'descending');
  expect(second).toEqual({ column: 'sqnr', direction: 'ascending' });
  expect(nextOrder(second, 'sqnr', 'descending')).toBeNull();
  expect(nextOrder(second, 'time', 'ascending')).toEqual({ column: 'time', direction: 'ascending' });
});
