import { beforeAll, describe, expect, it } from 'vitest';
import { floatTensor, type Tensor } from '../graph/tensor';
import { openTestDevice, TEST_BACKENDS } from './testDevice';
import { matrix, noise } from './testModel';
import { close, run } from './testOps';

const x = matrix([
  [-2, -0.5, 0],
  [0.25, 1, 3],
]);
const f = Math.fround;

describe.each(TEST_BACKENDS)('ops on %s', (backend) => {
  beforeAll(async () => {
    await openTestDevice(backend);
  });

  it.each<[string, (v: number) => number]>([
    ['torch.relu', (v) => Math.max(v, 0)],
    ['torch.sigmoid', (v) => 1 / (1 + Math.exp(-v))],
    ['torch.tanh', Math.tanh],
  ])('%s', async (target, expected) => {
    const { shape, values } = await run({ x }, (g) => g.call('y', target, 'x'));
    expect(shape).toEqual([2, 3]);
    close(values, Array.from(x.data, expected));
  });

  it.each<[string, number[]]>([
    ['torch.relu', [Number.NaN, Number.POSITIVE_INFINITY, 0]],
    ['torch.nn.functional.leaky_relu', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['torch.tanh', [Number.NaN, 1, -1]],
  ])('%s of NaN and the infinities', async (target, expected) => {
    const dirty = floatTensor(
      [3],
      Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    const { values } = await run({ dirty }, (g) => g.call('y', target, 'dirty'));
    expect(values.map((v) => v + 0)).toEqual(expected);
  });

  it('torch.sigmoid of the infinities', async () => {
    // NaN is left out: WGSL lets a GPU's exp make anything of it.
    const dirty = floatTensor([2], Float32Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY));
    expect((await run({ dirty }, (g) => g.call('y', 'torch.sigmoid', 'dirty'))).values).toEqual([1, 0]);
  });

  it('lets NaN through a Linear with a fused ReLU', async () => {
    const dirty = matrix([
      [Number.NaN, 1],
      [1, -2],
      [1, 2],
    ]);
    const { values } = await run({ dirty }, (g) =>
      g.module('fc', 'dirty', {
        type: 'torch.nn.intrinsic.LinearReLU',
        attrs: { in_features: 2, out_features: 1, bias: false },
        tensors: { weight: matrix([[1, 1]]) },
      }),
    );
    expect(values).toEqual([Number.NaN, 0, 3]);
  });

  it('leaky_relu with its slope', async () => {
    const { values } = await run({ x }, (g) => g.call('y', 'torch.nn.functional.leaky_relu', 'x', 0.25));
    close(values, [-0.5, -0.125, 0, 0.25, 1, 3]);
  });

  it.each([0, 1, -1, -2])('softmax over dim %i', async (dim) => {
    const { values } = await run({ x }, (g) => g.call('y', 'torch.softmax', 'x', dim));
    const rows = [0, 1].map((r) => [0, 1, 2].map((c) => Math.exp(x.data[r * 3 + c] ?? 0)));
    const total = (r: number, c: number): number => {
      const line = dim === 1 || dim === -1 ? (rows[r] ?? []) : rows.map((row) => row[c] ?? 0);
      return line.reduce((a, b) => a + b, 0);
    };
    close(
      values,
      rows.flatMap((row, r) => row.map((e, c) => e / total(r, c))),
    );
  });

  it('linear of any rank, with and without bias', async () => {
    const weight = [
      [1, 2, 3],
      [-1, 0.5, 0],
    ];
    const data = noise(12, 7);
    const plain = (row: number, o: number, bias: number): number =>
      [0, 1, 2].reduce((sum, i) => sum + (data[row * 3 + i] ?? 0) * (weight[o]?.[i] ?? 0), bias);
    for (const leading of [[4], [2, 2], [1, 2, 2]]) {
      const input = floatTensor([...leading, 3], data);
      const biased = await run({ x: input }, (g) => g.linear('fc', 'x', weight, [10, -10]));
      expect(biased.shape).toEqual([...leading, 2]);
      close(
        biased.values,
        [0, 1, 2, 3].flatMap((row) => [plain(row, 0, 10), plain(row, 1, -10)]),
      );
    }
    const vector = await run({ x: floatTensor([3], data.subarray(0, 3)) }, (g) =>
      g.linear('fc', 'x', weight),
    );
    expect(vector.shape).toEqual([2]);
    close(vector.values, [plain(0, 0, 0), plain(0, 1, 0)]);
    const none = await run({ x: floatTensor([0, 3], new Float32Array()) }, (g) =>
      g.linear('fc', 'x', weight),
    );
    expect(none.shape).toEqual([0, 2]);
  });

  it('functional linear, and LinearReLU', async () => {
    const functional = await run({ x }, (g) => {
      const w = g.constant('w', matrix([[1, 1, 1]]));
      const b = g.constant('b', floatTensor([1], Float32Array.of(0.5)));
      return g.call('y', 'torch.nn.functional.linear', 'x', w, b);
    });
    close(functional.values, [-2, 4.75]);
    const fused = await run({ x }, (g) =>
      g.module('fc', 'x', {
        type: 'torch.nn.intrinsic.LinearReLU',
        attrs: { in_features: 3, out_features: 1, bias: false },
        tensors: { weight: matrix([[1, 1, 1]]) },
      }),
    );
    close(fused.values, [0, 4.25]);
  });

  it('binary ops with numbers on either side and with broadcasting', async () => {
    const y = matrix([[1, 2, 4]]);
    const both = await run({ x, y }, (g) =>
      g.call('d', 'operator.truediv', g.call('s', 'torch.sub', 'x', 'y'), 'y'),
    );
    close(both.values, [-3, -1.25, -1, -0.75, -0.5, -0.25]);
    const numbers = await run({ x }, (g) =>
      g.call('m', 'operator.mul', 2, g.call('a', 'operator.add', 'x', 1)),
    );
    close(numbers.values, [-2, 1, 2, 2.5, 4, 8]);
  });

  it('divides integers truly, and keeps them whole in a sum with a whole number', async () => {
    const i: Tensor = { dtype: 'int32', shape: [3], data: Int32Array.of(1, 2, 7) };
    close((await run({ i }, (g) => g.call('y', 'torch.div', 'i', 2))).values, [0.5, 1, 3.5]);
    close((await run({ i }, (g) => g.call('y', 'torch.add', 'i', 2))).values, [3, 4, 9]);
  });

  it('matmul with batches that broadcast, and with vectors', async () => {
    const a = floatTensor([2, 1, 2, 3], noise(12, 1));
    const b = floatTensor([3, 3, 2], noise(18, 2));
    const { shape, values } = await run({ a, b }, (g) => g.call('y', 'torch.matmul', 'a', 'b'));
    expect(shape).toEqual([2, 3, 2, 2]);
    const expected: number[] = [];
    for (let p = 0; p < 2; p++)
      for (let q = 0; q < 3; q++)
        for (let r = 0; r < 2; r++)
          for (let c = 0; c < 2; c++)
            expected.push(
              [0, 1, 2].reduce(
                (sum, k) => sum + (a.data[p * 6 + r * 3 + k] ?? 0) * (b.data[q * 6 + k * 2 + c] ?? 0),
                0,
              ),
            );
    close(values, expected);
    const v = floatTensor([3], Float32Array.of(1, 2, 3));
    const dot = await run({ x, v }, (g) => g.call('y', 'torch.matmul', 'x', 'v'));
    expect(dot.shape).toEqual([2]);
    close(dot.values, [-3, 11.25]);
  });

  it('flatten, reshape with −1, transpose', async () => {
    const t = floatTensor([2, 3, 4], noise(24, 3));
    expect((await run({ t }, (g) => g.call('y', 'torch.flatten', 't', 1))).shape).toEqual([2, 12]);
    expect((await run({ t }, (g) => g.call('y', 'torch.flatten', 't'))).shape).toEqual([24]);
    expect((await run({ t }, (g) => g.method('y', 'view', 't', 4, -1))).shape).toEqual([4, 6]);
    const swapped = await run({ t }, (g) => g.method('y', 'transpose', 't', -1, 0));
    expect(swapped.shape).toEqual([4, 3, 2]);
    expect(swapped.values[1]).toBe(t.data[12]);
    expect(swapped.values[2]).toBe(t.data[4]);
  });

  it('casts', async () => {
    const cast = await run({ x }, (g) => g.method('y', 'to', 'x', { dtype: 'torch.int32' }));
    expect(cast.values).toEqual([-2, -0, 0, 0, 1, 3].map((v) => v + 0));
  });

  it.each<[string, number, number, number, number]>([
    ['torch.quint8', 0.5, 3, 0, 255],
    ['torch.quint8', 0.0123, 128, 0, 255],
    ['torch.qint8', 0.1, -5, -128, 127],
  ])('quantize to %s, scale %f, zero point %i', async (dtype, scale, zero, low, high) => {
    // Exact halves of the first grid, values on either side of the bounds, and noise.
    const data = Float32Array.of(-1.25, -0.75, -0.25, 0.25, 0.75, 1.25, 1e4, -1e4, 1e30, ...noise(50, 11));
    const input = floatTensor([data.length], data);
    const { values } = await run({ input }, (g) => {
      const s = g.constant('s', floatTensor([1], Float32Array.of(scale)));
      const z = g.constant('z', { dtype: 'int32', shape: [1], data: Int32Array.of(zero) });
      const q = g.call('q', 'torch.quantize_per_tensor', 'input', s, z, { dtype });
      return g.method('d', 'dequantize', q);
    });
    const roundHalfEven = (v: number): number => {
      const down = Math.floor(v);
      const part = v - down;
      return part < 0.5 || (part === 0.5 && down % 2 === 0) ? down : down + 1;
    };
    const expected = Array.from(data, (v) => {
      const q = roundHalfEven(f(v * f(1 / f(scale)))) + zero;
      return f((Math.min(high, Math.max(low, q)) - zero) * f(scale)) + 0;
    });
    expect(values.map((v) => v + 0)).toEqual(expected);
  });

  it('quantized Linear: product, ReLU, then the grid of its own output', async () => {
    const { values } = await run({ x }, (g) =>
      g.module('fc', 'x', {
        type: 'torch.nn.intrinsic.quantized.LinearReLU',
        attrs: { in_features: 3, out_features: 1, bias: true, scale: 0.5, zero_point: 0 },
        tensors: { weight: matrix([[1, 1, 1]]), bias: floatTensor([1], Float32Array.of(0.5)) },
      }),
    );
    // −2 → 0; 4.75 is 9.5 steps, and halves go to the even step 10.
    expect(values).toEqual([0, 5]);
  });
});
