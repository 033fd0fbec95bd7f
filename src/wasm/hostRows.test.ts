import { describe, expect, it, vi } from 'vitest';
import { rangeColumns, type Scaling, scaleRows } from './hostRows';

const SPECIAL = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-45, 3.4e38];

const numbers = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => SPECIAL[(i * 7) % 131] ?? Math.sin((i + 1) * seed) * 10 ** (i % 7));

const bits = (values: Float32Array) => new Int32Array(values.buffer, values.byteOffset, values.length);

/** Some for the plain loop, some for the programs, some with rows longer than a block. */
describe.each([
  [3, 5],
  [1000, 7],
  [1024, 4],
  [700, 767],
  [3, 40_001],
  [37, 400],
  [3, 40_000],
  [700, 768],
])('%d rows of %d', (rows, columns) => {
  const data = numbers(rows * columns, 12.9898);

  it('widen ranges as < and > do', () => {
    const [low, high] = [numbers(columns, 3.7), numbers(columns, 5.1)];
    const [least, most] = [low.slice(), high.slice()];
    for (let i = 0; i < data.length; i++) {
      const [c, value] = [i % columns, data[i] ?? 0];
      if (value < (least[c] ?? 0)) least[c] = value;
      if (value > (most[c] ?? 0)) most[c] = value;
    }
    expect(rangeColumns(data, low, high)).toBe(data.some(Number.isNaN));
    expect(bits(low)).toEqual(bits(least));
    expect(bits(high)).toEqual(bits(most));
  });

  it('say whether one number is NaN, wherever it stands', () => {
    const range = (values: Float32Array) =>
      rangeColumns(values, new Float32Array(columns), new Float32Array(columns));
    const clean = data.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value));
    expect(range(clean)).toBe(false);
    for (const at of [0, Math.floor(clean.length / 2), clean.length - 1])
      expect(range(clean.map((value, i) => (i === at ? Number.NaN : value)))).toBe(true);
  });

  it('are multiplied by column, by row, and by one behind the other, to the bit', () => {
    const column = { by: 'column', factors: numbers(columns, 8.3) } as const;
    const row = { by: 'row', factors: numbers(rows, 2.9) } as const;
    const times = (values: Float32Array, { by, factors }: Scaling) =>
      values.map(
        (value, i) => value * (factors[by === 'column' ? i % columns : Math.floor(i / columns)] ?? 1),
      );
    for (const scalings of [[column], [row], [column, row], [row, column, column]]) {
      const out = new Float32Array(data.length);
      scaleRows(data, out, columns, scalings);
      const wanted = scalings.reduce<Float32Array>(times, data);
      // NaN has many bits; which of them is the machine's choice.
      expect(out.findIndex((value, at) => !Object.is(value, wanted[at]))).toBe(-1);
    }
  });

  it('have the ranges of their products, which are not kept', () => {
    const column = { by: 'column', factors: numbers(columns, 8.3) } as const;
    const row = { by: 'row', factors: numbers(rows, 2.9) } as const;
    for (const scalings of [[column], [row], [column, row]]) {
      const scaled = new Float32Array(data.length);
      scaleRows(data, scaled, columns, scalings);
      const [low, high, least, most] = [1, 2, 1, 2].map((sign) => new Float32Array(columns).fill(sign));
      if (!low || !high || !least || !most) throw new Error('internal: four ranges');
      expect(rangeColumns(data, low, high, scalings)).toBe(rangeColumns(scaled, least, most));
      expect(bits(low)).toEqual(bits(least));
      expect(bits(high)).toEqual(bits(most));
    }
  });
});

/** The length of the largest array of floats that `work` makes, anew or of another one. */
function largestMade(work: () => void): number {
  let largest = 0;
  const made = (length: unknown) => {
    if (typeof length === 'number') largest = Math.max(largest, length);
  };
  const plain = Float32Array;
  const slice = plain.prototype.slice;
  vi.spyOn(plain.prototype, 'slice').mockImplementation(function (this: Float32Array, ...bounds) {
    const copy = slice.apply(this, bounds);
    made(copy.length);
    return copy;
  });
  vi.stubGlobal(
    'Float32Array',
    new Proxy(plain, {
      construct(target, given, asked) {
        made(given[0]);
        return Reflect.construct(target, given, asked);
      },
    }),
  );
  try {
    work();
  } finally {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  }
  return largest;
}

it.each([1024, 1023])('rows of %d have their ranges without a copy of the whole', (columns) => {
  const rows = 1024;
  const data = new Float32Array(rows * columns).fill(2);
  const scalings = [{ by: 'row', factors: new Float32Array(rows).fill(3) }] as const;
  const [low, high] = [new Float32Array(columns), new Float32Array(columns)];
  expect(largestMade(() => rangeColumns(data, low, high, scalings))).toBeLessThan(data.length / 8);
  expect(high.every((value) => value === 6)).toBe(true);
});
