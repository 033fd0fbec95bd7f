import { describe, expect, it } from 'vitest';
import { columnAfter, columnAt, scaleAfter } from './scaleGestures';
import { editRange, logsOf, scalePlot } from './scalePlot';

/** Two pixels a column, 100 pixels a decade. */
const at = (x: number, y: number) => ({ x, y, xPerPixel: 0.5, yPerPixel: 0.01 });

describe('the pointer', () => {
  const logs = logsOf([1, 1, 10, 1, 1, 1]);
  it('takes the nearest mark in reach', () => {
    expect(columnAt(at(3.2, 1), logs)).toBe(2);
    expect(columnAt(at(0.9, 0.02), logs)).toBe(1);
  });
  it('takes the column under it where no mark is near', () => {
    expect(columnAt(at(3.6, 3), logs)).toBe(4);
    expect(columnAt(at(-7, 3), logs)).toBe(0);
    expect(columnAt(at(99, 3), logs)).toBe(5);
  });
});

describe('the keys', () => {
  it('go from column to column and stop at the ends', () => {
    expect(['ArrowLeft', 'ArrowRight', 'Home', 'End'].map((key) => columnAfter(key, 0, 8))).toEqual([
      0, 1, 0, 7,
    ]);
    expect(columnAfter('ArrowUp', 0, 8)).toBeNull();
  });
  it('change a scale by 5 % or 1 %', () => {
    expect(scaleAfter('ArrowUp', false, 2)).toBeCloseTo(2.1);
    expect(scaleAfter('ArrowUp', true, 2)).toBeCloseTo(2.02);
    expect(scaleAfter('ArrowDown', false, 2.1)).toBeCloseTo(2);
    expect(scaleAfter('ArrowLeft', false, 2)).toBeNull();
  });
});

describe('the axis of scales to be edited', () => {
  it('has room above and below, also where all scales are equal', () => {
    const [low, high] = editRange(logsOf([1, 1]), []);
    expect(10 ** low).toBeCloseTo(1 / 3);
    expect(10 ** high).toBeCloseTo(3);
  });
  it('widens for a scale beyond it', () => {
    const [low, high] = editRange(logsOf([1, 2]), [1000]);
    expect(high).toBeGreaterThan(3);
    expect(low).toBeCloseTo(Math.log10(1 / 3));
  });
  it('leaves the plot that is not edited as it is', () => {
    expect(scalePlot(Float32Array.of(1, 10))?.y.range[1]).toBeLessThan(Math.log10(30));
  });
});
