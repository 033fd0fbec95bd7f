import { describe, expect, it } from 'vitest';
import type { Tensor } from '../graph/tensor';
import type { Dataset } from './dataset';
import { type ModelInput, matchDataset } from './matchDataset';

const zeros = (...shape: number[]): Tensor => ({
  dtype: 'float32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});
const dataset = (arrays: Readonly<Record<string, Tensor>>, labels: Int32Array | null = null): Dataset => ({
  arrays,
  labels,
  samples: Object.values(arrays)[0]?.shape[0] ?? 0,
  source: 'data.npy',
});
const X: ModelInput = { name: 'x', shape: ['n', 64] };

describe('matchDataset', () => {
  it("gives the only array to the model's only input, whatever its name", () => {
    const labels = Int32Array.of(1);
    for (const key of ['', 'x', 'arr_0', 'constructor']) {
      const array = zeros(1, 64);
      const bound = matchDataset(dataset({ [key]: array }, labels), [X]);
      expect(bound).toEqual({ arrays: { x: array }, labels, samples: 1, source: 'data.npy' });
    }
  });

  it('finds arrays by name and leaves out what no input names', () => {
    const arrays = { a: zeros(2, 3), b: zeros(2, 4, 5), c: zeros(2) };
    const inputs = [
      { name: 'b', shape: ['batch', '?', 5] },
      { name: 'a', shape: null },
    ];
    expect(matchDataset(dataset(arrays), inputs).arrays).toEqual({ b: arrays.b, a: arrays.a });
  });

  it('makes integers and bools float32', () => {
    const int: Tensor = { dtype: 'int32', shape: [3], data: Int32Array.of(-5, 255, 2 ** 24) };
    const bool: Tensor = { dtype: 'bool', shape: [2], data: Uint8Array.of(0, 1) };
    const input = [{ name: 'x', shape: null }];
    expect(matchDataset(dataset({ x: int }), input).arrays.x).toEqual({
      dtype: 'float32',
      shape: [3],
      data: Float32Array.of(-5, 255, 2 ** 24),
    });
    expect(matchDataset(dataset({ x: bool }), input).arrays.x?.data).toEqual(Float32Array.of(0, 1));
    const large: Tensor = { dtype: 'int32', shape: [2], data: Int32Array.of(0, 2 ** 24 + 1) };
    expect(() => matchDataset(dataset({ x: large }), input)).toThrow(
      "input 'x' expects float32, got [2] int32 whose element 1 is 16777217",
    );
  });

  it('takes any multiple of a fixed batch', () => {
    const fixed = (batch: number) => [{ name: 'x', shape: [batch, 64] }];
    for (const [batch, samples] of [
      [1, 7],
      [4, 8],
    ] as const)
      expect(matchDataset(dataset({ '': zeros(samples, 64) }), fixed(batch)).samples).toBe(samples);
    expect(() => matchDataset(dataset({ '': zeros(10, 64) }), fixed(4))).toThrow(
      "data.npy: input 'x' expects [4, 64] float32, batches of exactly 4, got [10, 64] float32, and 10 samples are not a multiple of 4. Leave out 2 samples",
    );
  });

  it.each<[string, readonly ModelInput[], Readonly<Record<string, Tensor>>, string]>([
    [
      'another width',
      [X],
      { '': zeros(100, 32) },
      "data.npy: input 'x' expects [n, 64] float32, got [100, 32] float32.",
    ],
    [
      'another rank',
      [X],
      { '': zeros(2, 64, 1) },
      "input 'x' expects [n, 64] float32, got [2, 64, 1] float32.",
    ],
    [
      'a lone sample',
      [{ name: 'x', shape: [1, 64] }],
      { '': zeros(64) },
      'got [64] float32. The array seems to lack the axis that counts samples: for a single sample save x[None].',
    ],
    [
      'a missing array',
      [X, { name: 'z', shape: null }],
      { x: zeros(1, 64) },
      "has no array for the model's input 'z'; it holds 'x'",
    ],
    [
      'an unnamed array for two inputs',
      [X, { name: 'z', shape: null }],
      { '': zeros(1, 64) },
      "the model's inputs 'x', 'z'; it holds one array without a name",
    ],
    [
      'several arrays, none of that name',
      [X],
      { a: zeros(1), b: zeros(1) },
      "the model's input 'x'; it holds 'a', 'b'",
    ],
    ['a model without inputs', [], { x: zeros(1) }, 'has no inputs'],
  ])('refuses %s', (_, inputs, arrays, message) => {
    expect(() => matchDataset(dataset(arrays), inputs)).toThrow(message);
  });

  it('says where the labels went when an input is called like them', () => {
    const inputs = [X, { name: 'y', shape: null }];
    expect(() => matchDataset(dataset({ x: zeros(1, 64) }, Int32Array.of(0)), inputs)).toThrow(
      'read as labels',
    );
  });

  it('an input of whole numbers or of truth values keeps them so, also where the file holds floats', () => {
    const data = (values: readonly number[]): Dataset => ({
      source: 'd.npz',
      samples: values.length,
      labels: null,
      arrays: { x: { dtype: 'float32', shape: [values.length], data: Float32Array.from(values) } },
    });
    const input = (dtype: 'int32' | 'bool') => [{ name: 'x', shape: ['n'], dtype }];
    const read = (values: readonly number[], dtype: 'int32' | 'bool') =>
      matchDataset(data(values), input(dtype)).arrays.x;
    expect(read([3, -1], 'int32')).toEqual({ dtype: 'int32', shape: [2], data: Int32Array.of(3, -1) });
    expect(read([1, 0], 'bool')).toEqual({ dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) });
    expect(() => read([1, 0.5], 'int32')).toThrow(
      "input 'x' expects int32, got [2] float32 whose element 1 is 0.5",
    );
    expect(() => read([2], 'bool')).toThrow('whose element 0 is 2; it takes truth values, or 0 and 1');
  });
});
