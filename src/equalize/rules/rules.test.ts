import { describe, expect, it } from 'vitest';
import { activationAware } from './activationAware';
import type { ClassRanges } from './classRanges';
import { formulaText } from './formula';
import { RULE_GRID } from './grid';
import { inputWeight } from './inputWeight';
import type { ScaleRule } from './scaleRule';
import { smoothQuant } from './smoothQuant';

/** Ranges of channels from their extremes: `[input min, input max, weight min, weight max]`. */
function ranges(...channels: readonly (readonly [number, number, number, number])[]): ClassRanges {
  const column = (i: 0 | 1 | 2 | 3) => Float32Array.from(channels, (channel) => channel[i]);
  const largest = (a: 0 | 2, b: 1 | 3) =>
    Float32Array.from(channels, (channel) => Math.max(Math.abs(channel[a]), Math.abs(channel[b])));
  return {
    input: { min: column(0), max: column(1) },
    weight: { min: column(2), max: column(3) },
    inputMax: largest(0, 1),
    weightMax: largest(2, 3),
    nonFinite: new Float64Array(channels.length),
  };
}

const scalesOf = (rule: ScaleRule, of: ClassRanges) => [...rule.scale(of).values];

describe('scale rules', () => {
  const channels = ranges([-8, 4, -0.5, 0.25], [0, 2, -1, 2]);

  it('input-weight makes both ranges equal', () => {
    const [a = 1, b = 1] = scalesOf(inputWeight, channels);
    expect(12 * a).toBeCloseTo(0.75 / a, 5);
    expect(2 * b).toBeCloseTo(3 / b, 5);
  });

  it('SmoothQuant divides by max|x|^α / max|W|^(1 − α)', () => {
    const [a, b] = scalesOf(smoothQuant(0.75), channels);
    expect(a).toBeCloseTo(0.5 ** 0.25 / 8 ** 0.75, 6);
    expect(b).toBeCloseTo(2 ** 0.25 / 2 ** 0.75, 6);
  });

  it('SmoothQuant with α = 1 gives every input column the range 1, with α = 0 every weight column', () => {
    const [a = 0] = scalesOf(smoothQuant(1), channels);
    expect(8 * a).toBeCloseTo(1, 6);
    const [b = 0] = scalesOf(smoothQuant(0), channels);
    expect(0.5 / b).toBeCloseTo(1, 6);
  });

  it("AWQ's looks at the input alone", () => {
    expect(scalesOf(activationAware(0.5), channels)[0]).toBeCloseTo(1 / Math.sqrt(8), 6);
    expect(scalesOf(activationAware(0.5), ranges([-8, 4, 0, 100]))[0]).toBeCloseTo(1 / Math.sqrt(8), 6);
  });

  it.each(RULE_GRID.map((rule) => [rule.title, rule] as const))(
    'keeps 1 for columns without a range, and for data that was not finite: %s',
    (_, rule) => {
      const odd = ranges([0, 0, -1, 1], [-1, 1, 0, 0], [-1, 1, -1, 1], [-3, 2, -1, 2]);
      const nonFinite = Float64Array.of(0, 0, 1, 0);
      const { values, neutral } = rule.scale({ ...odd, nonFinite });
      expect([...values].slice(0, 3)).toEqual([1, 1, 1]);
      expect(neutral.map(({ channel }) => channel)).toEqual([0, 1, 2]);
      expect(neutral.map(({ reason }) => reason)).toEqual([
        'zero-input-range',
        'zero-weight-range',
        'non-finite',
      ]);
    },
  );

  it('have names of their own', () => {
    expect(new Set(RULE_GRID.map(({ title }) => title)).size).toBe(RULE_GRID.length);
  });

  it('say their formula with the numbers of the scale farthest from 1', () => {
    const rule = smoothQuant(0.75);
    const { values } = rule.scale(channels);
    expect(formulaText(values, (k) => rule.text(channels, k))).toBe('s[0] = 0.5^0.25 / 8^0.75 = 0.177');
    // The factor of class 0 stands at channel 2 of the layer.
    expect(formulaText(values, (k) => rule.text(channels, k), Int32Array.of(1, 1, 0))).toContain('s[2] = ');
  });
});
