import { beforeAll, describe, expect, it } from 'vitest';
import { floatTensor } from '../../graph/tensor';
import { openTestDevice, TEST_BACKENDS } from '../testDevice';
import type { TestModel } from '../testModel';
import { close, run } from '../testOps';

const vector = (...values: number[]) => floatTensor([values.length], Float32Array.from(values));
const x = vector(-3, -1.5, -0.5, 0.25, 1, 4, 7);
const positive = vector(0.25, 1, 4, 7);
const pow = (exponent: number) => (g: TestModel) => g.call('y', 'torch.pow', 'x', exponent);

/** What PyTorch 1.13.1 computes on `x`. */
const OF_ALL: Record<string, readonly [(g: TestModel) => string, readonly number[]]> = {
  'x ** 2': [(g) => g.call('y', 'operator.pow', 'x', 2), [9, 2.25, 0.25, 0.0625, 1, 16, 49]],
  square: [(g) => g.method('y', 'square', 'x'), [9, 2.25, 0.25, 0.0625, 1, 16, 49]],
  'x ** 3': [(g) => g.method('y', 'pow', 'x', 3), [-27, -3.375, -0.125, 0.015625, 1, 64, 343]],
  'x ** 1': [pow(1), [...x.data]],
  'x ** 0': [pow(0), [1, 1, 1, 1, 1, 1, 1]],
  'x ** -1': [pow(-1), [-0.333333, -0.666667, -2, 4, 1, 0.25, 0.142857]],
  'x ** -2': [pow(-2), [0.111111, 0.444444, 4, 16, 1, 0.0625, 0.020408]],
  reciprocal: [(g) => g.call('y', 'torch.reciprocal', 'x'), [-0.333333, -0.666667, -2, 4, 1, 0.25, 0.142857]],
  erf: [(g) => g.call('y', 'torch.erf', 'x'), [-0.999978, -0.966105, -0.5205, 0.276326, 0.842701, 1, 1]],
};

/** What PyTorch 1.13.1 computes on `positive`. */
const OF_POSITIVE: Record<string, readonly [(g: TestModel) => string, readonly number[]]> = {
  'x ** 0.5': [pow(0.5), [0.5, 1, 2, 2.645751]],
  'x ** -0.5': [pow(-0.5), [2, 1, 0.5, 0.377964]],
  'x ** 1.5': [pow(1.5), [0.125, 1, 8, 18.52026]],
  sqrt: [(g) => g.call('y', 'torch.sqrt', 'x'), [0.5, 1, 2, 2.645751]],
  rsqrt: [(g) => g.method('y', 'rsqrt', 'x'), [2, 1, 0.5, 0.377964]],
};

describe.each(TEST_BACKENDS)('powers on %s', (backend) => {
  beforeAll(async () => {
    await openTestDevice(backend);
  });

  it.each(Object.entries(OF_ALL))('%s', async (_, [write, expected]) => {
    const { shape, values } = await run({ x }, write);
    expect(shape).toEqual([7]);
    close(values, expected);
  });

  it.each(Object.entries(OF_POSITIVE))('%s', async (_, [write, expected]) => {
    close((await run({ x: positive }, write)).values, expected);
  });

  it('of whole numbers and of nothing', async () => {
    const whole = { dtype: 'int32' as const, shape: [2], data: Int32Array.of(-3, 5) };
    expect((await run({ x: whole }, pow(2))).values).toEqual([9, 25]);
    expect(await run({ x: floatTensor([0, 2], new Float32Array()) }, pow(2))).toEqual({
      shape: [0, 2],
      values: [],
    });
  });
});
