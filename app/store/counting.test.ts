import { expect, it } from 'vitest';
import { countOf, grouped } from './counting';

it('groups digits as English does', () => {
  for (const count of [0, 7, 999, 1000, 12345, 123456, 1234567, 1e9])
    expect(grouped(count)).toBe(count.toLocaleString('en'));
});

it('counts in words', () => {
  expect([countOf(1, 'sample'), countOf(1797, 'sample')]).toEqual(['1 sample', '1,797 samples']);
});
