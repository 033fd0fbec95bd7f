import { describe, expect, it } from 'vitest';
import { onPath } from './onPath';

const EDGES = ['x a', 'a b', 'a c', 'b sum', 'c sum', 'sum y', 'w c'].map((pair) => {
  const [from = '', to = ''] = pair.split(' ');
  return { from, to };
});
const found = (...ask: Parameters<typeof onPath> extends [infer N, infer T, unknown] ? [N, T] : never) =>
  [...onPath(...ask, EDGES)].sort();

describe('onPath', () => {
  it('holds what a node is computed of, or what depends on it, or both', () => {
    expect(found('c', 'inputs')).toEqual(['a', 'c', 'w', 'x']);
    expect(found('c', 'outputs')).toEqual(['c', 'sum', 'y']);
    expect(found('c', 'both')).toEqual(['a', 'c', 'sum', 'w', 'x', 'y']);
    expect(found('alone', 'both')).toEqual(['alone']);
  });
});
