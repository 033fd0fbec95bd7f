import { beforeAll, describe, expect, it } from 'vitest';
import { floatTensor, type Tensor } from '../../graph/tensor';
import { to } from '../../graph/testGraph';
import { openTestDevice, TEST_BACKENDS } from '../testDevice';
import type { TestModel } from '../testModel';
import { run } from '../testOps';

const count = (...shape: number[]): Tensor =>
  floatTensor(
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
  );
/** 0 … 23 as `[2, 3, 4]`: element `[a, b, c]` is 12 a + 4 b + c. */
const x = count(2, 3, 4);
const slice = (start: number | null, stop: number | null, step: number | null = null) => ({
  slice: [start, stop, step] as const,
});
const all = slice(null, null);

type Expected = readonly [shape: readonly number[], values: readonly number[]];

/** What PyTorch gives for each on `x`. */
const CASES: Record<string, readonly [(g: TestModel) => string, Expected]> = {
  'torch.permute': [
    (g) => g.call('y', 'torch.permute', g.call('s', 'operator.getitem', 'x', 0), [1, 0]),
    [
      [4, 3],
      [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11],
    ],
  ],
  'permute with a negative axis': [
    (g) => g.method('y', 'permute', g.call('s', 'operator.getitem', 'x', [all, 0]), -1, 0),
    [
      [4, 2],
      [0, 12, 1, 13, 2, 14, 3, 15],
    ],
  ],
  'cat along the last axis': [
    (g) => {
      const a = g.call('a', 'operator.getitem', 'x', [0, slice(0, 2), slice(0, 1)]);
      const b = g.call('b', 'operator.getitem', 'x', [1, slice(0, 2), slice(2, null)]);
      return g.call('y', 'torch.cat', [to(a), to(b)], -1);
    },
    [
      [2, 3],
      [0, 14, 15, 4, 18, 19],
    ],
  ],
  'mean of all': [(g) => g.call('y', 'torch.mean', 'x'), [[], [11.5]]],
  'mean over one axis': [
    (g) => g.call('y', 'torch.mean', 'x', 1),
    [
      [2, 4],
      [4, 5, 6, 7, 16, 17, 18, 19],
    ],
  ],
  'mean over two axes, kept': [
    (g) => g.method('y', 'mean', 'x', [0, -1], true),
    [
      [1, 3, 1],
      [7.5, 11.5, 15.5],
    ],
  ],
  'index, slice, ellipsis': [
    (g) => g.call('y', 'operator.getitem', 'x', [-1, { ellipsis: true }, slice(1, 3)]),
    [
      [3, 2],
      [13, 14, 17, 18, 21, 22],
    ],
  ],
  'every other element': [
    (g) => g.call('y', 'operator.getitem', 'x', [0, slice(null, null, 2), slice(1, null, 2)]),
    [
      [2, 2],
      [1, 3, 9, 11],
    ],
  ],
  'slice from the end and beyond it': [
    (g) => g.call('y', 'operator.getitem', 'x', [slice(0, 1), slice(-1, 99), slice(-99, -2)]),
    [
      [1, 1, 2],
      [8, 9],
    ],
  ],
  'an empty slice': [(g) => g.call('y', 'operator.getitem', 'x', [all, slice(2, 1)]), [[2, 0, 4], []]],
  'new axes': [
    (g) => g.call('y', 'operator.getitem', 'x', [null, 0, null, 1, slice(0, 2)]),
    [
      [1, 1, 2],
      [4, 5],
    ],
  ],
};

describe.each(TEST_BACKENDS)('axes on %s', (backend) => {
  beforeAll(async () => {
    await openTestDevice(backend);
  });

  it.each(Object.entries(CASES))('%s', async (_, [write, [shape, values]]) => {
    expect(await run({ x }, write)).toEqual({ shape, values });
  });

  it.each<[string, (g: TestModel) => string, readonly number[]]>([
    ['squeeze of all', (g) => g.call('y', 'torch.squeeze', 'x'), [3, 2]],
    ['squeeze of one axis', (g) => g.method('y', 'squeeze', 'x', 2), [1, 3, 2]],
    ['squeeze of an axis that stays', (g) => g.method('y', 'squeeze', 'x', 1), [1, 3, 1, 2]],
    ['unsqueeze', (g) => g.call('y', 'torch.unsqueeze', 'x', 1), [1, 1, 3, 1, 2]],
    ['unsqueeze at the end', (g) => g.method('y', 'unsqueeze', 'x', -1), [1, 3, 1, 2, 1]],
    ['everything', (g) => g.call('y', 'operator.getitem', 'x', { ellipsis: true }), [1, 3, 1, 2]],
  ])('%s', async (_, write, shape) => {
    expect(await run({ x: count(1, 3, 1, 2) }, write)).toEqual({ shape, values: [0, 1, 2, 3, 4, 5] });
  });

  it('works on five axes', async () => {
    // Element [a, b, c, d, e] of `five` is 16 a + 8 b + 4 c + 2 d + e; five-axis shaders of tfjs are not all sound.
    const five = count(2, 2, 2, 2, 2);
    const of = async (write: (g: TestModel) => string) => (await run({ x: five }, write)).values;
    expect(await of((g) => g.method('y', 'permute', 'x', 4, 3, 2, 1, 0))).toEqual(
      Array.from({ length: 32 }, (_, i) =>
        Number.parseInt([...i.toString(2).padStart(5, '0')].reverse().join(''), 2),
      ),
    );
    expect(await of((g) => g.call('y', 'operator.getitem', 'x', [1, all, 0, slice(1, 2)]))).toEqual([
      18, 19, 26, 27,
    ]);
    expect(await of((g) => g.call('y', 'operator.getitem', 'x', [1, all, slice(0, 2, 2), 1]))).toEqual([
      18, 19, 26, 27,
    ]);
    expect(await of((g) => g.call('y', 'torch.mean', 'x', [0, 2, 4]))).toEqual([10.5, 12.5, 18.5, 20.5]);
    const front = (g: TestModel) => g.call('a', 'operator.getitem', 'x', [0, 0]);
    expect(await of((g) => g.call('y', 'torch.cat', [to(front(g)), to('a')], 1))).toEqual([
      0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7,
    ]);
    const joined = await of((g) => g.call('y', 'torch.cat', [to('x'), to('x')], -1));
    expect(joined.slice(0, 8)).toEqual([0, 1, 0, 1, 2, 3, 2, 3]);
  });

  it.each<[string, (g: TestModel) => string, string]>([
    [
      'an index outside',
      (g) => g.call('y', 'operator.getitem', 'x', [all, 3]),
      'index 3 lies outside axis 1 of size 3',
    ],
    [
      'too many indices',
      (g) => g.call('y', 'operator.getitem', 'x', [0, 0, 0, 0]),
      '4 indices for an input of 3 axes',
    ],
    ['an order with an axis twice', (g) => g.method('y', 'permute', 'x', 0, 1, 1), 'does not name each'],
    ['an order of too few axes', (g) => g.method('y', 'permute', 'x', 0, 1), 'does not name each'],
    ['an axis that is not there', (g) => g.method('y', 'unsqueeze', 'x', 4), 'dim 4 lies outside'],
  ])('refuses %s', async (_, write, message) => {
    await expect(run({ x }, write)).rejects.toThrow(message);
  });
});
