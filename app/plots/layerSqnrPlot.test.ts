import { describe, expect, it } from 'vitest';
import { layerSqnrPlot } from './layerSqnrPlot';

const point = (name: string, plain: number | null, equalized: number | null) => ({ name, plain, equalized });

describe('SQNR by layer', () => {
  it('has one point a layer, a gap where nothing is known, and room for both series', () => {
    const plot = layerSqnrPlot([
      point('a', 10, 30),
      point('b', null, 12),
      point('c', Number.NEGATIVE_INFINITY, 5),
    ]);
    expect([...(plot?.data[1] ?? [])]).toEqual([10, Number.NaN, Number.NaN]);
    expect(plot?.y.range[0]).toBeLessThan(5);
    expect(plot?.y.range[1]).toBeGreaterThan(30);
    expect(plot?.describe(0)).toBe('a: 10.0 → 30.0 dB (+20.0 dB)');
    expect(plot?.describe(1)).toBe('b: — → 12.0 dB (—)');
  });
  it('names few layers on its axis and counts many', () => {
    expect(layerSqnrPlot([point('fc', 1, 2)])?.x.format(0)).toBe('fc');
    const many = layerSqnrPlot(Array.from({ length: 100 }, (_, i) => point(`layer${i}`, i, i + 1)));
    expect(many?.x.format(20)).toBe('20');
    expect(many?.x.splits?.length).toBeLessThanOrEqual(12);
  });
  it('is nothing without a figure', () => {
    expect(layerSqnrPlot([])).toBeNull();
    expect(layerSqnrPlot([point('a', null, Number.POSITIVE_INFINITY)])).toBeNull();
  });
});
