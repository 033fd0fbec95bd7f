import { describe, expect, it } from 'vitest';
import type { WeightMap } from '../../src/index';
import { describeCell, heatTable, rgbOf } from './heat';

const MAP: WeightMap = {
  layer: 'fc',
  rows: 2,
  columns: 4,
  taps: 1,
  window: { rows: [0, 2], columns: [0, 4] },
  cellRows: 2,
  cellColumns: 2,
  before: Float32Array.of(1, -2, 3, 4),
  after: null,
  difference: null,
  most: 4,
  mostDifference: 0,
};

describe('the map of a weight', () => {
  it('takes colours as a minifier shortens them, and refuses others', () => {
    expect(rgbOf('#fff')).toEqual([255, 255, 255]);
    expect(rgbOf('#1b1f26')).toEqual([27, 31, 38]);
    expect(() => rgbOf('white')).toThrow("#rrggbb, not 'white'");
  });
  it('says that a cell of several entries is the largest of them', () => {
    expect(describeCell(MAP, 0, 3)).toBe('row 0, column 3: largest near it −2');
    expect(describeCell({ ...MAP, cellColumns: 4 }, 0, 0)).toBe('row 0, column 0: 1');
    expect(describeCell(MAP, 5, 0)).toBe('');
  });
  it('as a table names the rows and columns of each cell', () => {
    expect(heatTable(MAP)[2]).toEqual([0, 1, 2, 4, -2, null, null]);
  });
});
