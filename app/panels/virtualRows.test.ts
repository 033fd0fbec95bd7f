import { describe, expect, it } from 'vitest';
import { drawnRows, everyRow, withRow } from './virtualRows';

const indices = (items: readonly { readonly index: number }[]) => items.map(({ index }) => index);

describe('rows that are not all made yet', () => {
  it('have the one that a key goes to, and the room of the others before and behind it', () => {
    const items = withRow(everyRow(2), 40, 47);
    expect(indices(items)).toEqual([0, 1, 40]);
    const { rows, rest } = drawnRows(items, 47);
    expect(rows.map(({ gap }) => gap)).toEqual([0, 0, 38]);
    expect(rest).toBe(6);
  });
  it('have it once, and none in an empty table', () => {
    expect(indices(withRow(everyRow(3), 1, 3))).toEqual([0, 1, 2]);
    expect(withRow([], 0, 0)).toEqual([]);
  });
});
