import { describe, expect, it } from 'vitest';
import { histogramPlot } from './histogramPlot';
import { rangePlot } from './rangePlot';
import { rangeRatio, valueRatio } from './ratio';
import { scalePlot } from './scalePlot';
import { finiteExtent } from './spec';
import { decades, powerOfTen, wholeNumbers } from './ticks';

const floats = (...values: number[]) => Float32Array.from(values);

describe('ratios', () => {
  it('leaves out zero ranges and bounds that are not finite', () => {
    const ranges = { min: floats(0, -1, 0, Number.NaN), max: floats(8, 1, 0, Number.POSITIVE_INFINITY) };
    expect(rangeRatio(ranges)).toBe(4);
  });
  it('is unknown, not zero, when no column counts', () => {
    expect(rangeRatio({ min: floats(0), max: floats(0) })).toBeNull();
    expect(valueRatio(floats(Number.NaN, 0, -1))).toBeNull();
  });
});

describe('plots of finished data', () => {
  it('puts all finite ranges and zero on the scale, and says NaN of a missing one', () => {
    const plot = rangePlot({
      before: { min: floats(-2, Number.NaN), max: floats(6, Number.NaN) },
      after: { min: floats(-1, 0), max: floats(1, 0) },
    });
    expect(plot?.y.range[0]).toBeLessThanOrEqual(-2);
    expect(plot?.y.range[1]).toBeGreaterThanOrEqual(6);
    expect(plot?.describe(1)).toBe('column 1: [NaN, NaN] → [0, 0]');
  });
  it('draws nothing of columns without a finite range', () => {
    expect(rangePlot({ before: { min: floats(Number.NaN), max: floats(1) }, after: null })).not.toBeNull();
    expect(
      rangePlot({ before: { min: floats(Number.NaN), max: floats(Number.NaN) }, after: null }),
    ).toBeNull();
  });
  it('leaves a gap for a scale that has no logarithm', () => {
    const logs = scalePlot(floats(10, 0, Number.NaN, 0.1))?.data[1];
    expect([...(logs ?? [])]).toEqual([1, Number.NaN, Number.NaN, expect.closeTo(-1, 6)]);
  });
  it('has no histogram of nothing', () => {
    const edges = floats(0, 1, 2);
    expect(histogramPlot({ edges, before: Uint32Array.of(0, 0), after: null, zero: 2 })).toBeNull();
    expect(
      histogramPlot({ edges, before: Uint32Array.of(1, 0), after: Uint32Array.of(0, 3), zero: 0 })?.y
        .range[1],
    ).toBeGreaterThan(3);
  });
});

describe('axes', () => {
  it('has no extent without finite values', () => {
    expect(finiteExtent([floats(Number.NaN, Number.POSITIVE_INFINITY)])).toBeNull();
  });
  it('labels whole decades, and 1, 2, 5 of a short axis', () => {
    expect(decades([-2, 3])).toEqual([-2, -1, 0, 1, 2, 3]);
    expect(decades([0, 0.8]).map((log) => Math.round(10 ** log))).toEqual([1, 2, 5]);
  });
  it('labels a log axis so short that neither 1, 2 nor 5 is on it', () => {
    expect(decades([Math.log10(0.21), Math.log10(0.45)]).map(powerOfTen)).toEqual(['0.3', '0.4']);
    expect(decades([Math.log10(7.1), Math.log10(7.9)]).map(powerOfTen)).toEqual(['7.2', '7.4', '7.6', '7.8']);
  });
  it('has no more labels than fit', () => {
    expect(decades([-9, 3], 4)).toHaveLength(4);
    expect(wholeNumbers(8, 3).splits).toEqual([0, 5]);
    expect(wholeNumbers(1, 3).splits).toEqual([0, 1]);
    expect(wholeNumbers(0, 6).splits).toEqual([0]);
    expect(wholeNumbers(1023, 6).splits).toEqual([0, 200, 400, 600, 800, 1000]);
  });
});
