import { beforeAll, describe, expect, it } from 'vitest';
import { floatTensor, type Tensor } from '../../graph/tensor';
import { openTestDevice, TEST_BACKENDS } from '../testDevice';
import { noise } from '../testModel';
import { run } from '../testOps';

/** Places of the `count` largest (or smallest) of a row, in order. */
function places(row: readonly number[], count: number, largest: boolean): readonly number[] {
  const order = row.map((value, at) => ({ value, at }));
  order.sort((a, b) => (largest ? b.value - a.value : a.value - b.value) || a.at - b.at);
  return order.slice(0, count).map(({ at }) => at);
}

describe.each(TEST_BACKENDS)('axes of whole numbers change places on %s', (backend) => {
  beforeAll(async () => {
    await openTestDevice(backend);
  });

  it('and stay what they are', async () => {
    const limit = backend === 'webgpu' ? 2 ** 24 : 2 ** 31 - 1;
    const data = Int32Array.of(limit, -limit, 2 ** 24 - 1, -1, 0, -65537);
    const x: Tensor = { dtype: 'int32', shape: [2, 3], data };
    const { values } = await run({ x }, (g) => g.call('y', 'torch.transpose', 'x', 0, 1));
    expect(values).toEqual([0, 3, 1, 4, 2, 5].map((i) => data[i]));
  });
});

describe.each(TEST_BACKENDS)('the largest of a row on %s', (backend) => {
  beforeAll(async () => {
    await openTestDevice(backend);
  });

  it.each([
    [3, 4, 3, true],
    [3, 4, 3, false],
    [1, 7, 7, true],
    [5, 33, 6, true],
    [2, 1, 1, true],
  ] as const)('[%i, %i], %i of them, largest: %s', async (rows, columns, count, largest) => {
    const x = floatTensor([rows, columns], noise(rows * columns, 5));
    const all = Array.from({ length: rows }, (_, r) => [...x.data.slice(r * columns, (r + 1) * columns)]);
    const expected = all.map((row) => places(row, count, largest));
    const part = (index: number) =>
      run({ x }, (g) =>
        g.call('y', 'operator.getitem', g.call('t', 'torch.topk', 'x', count, -1, largest), index),
      );
    expect((await part(1)).values).toEqual(expected.flat());
    expect((await part(0)).values).toEqual(expected.flatMap((at, r) => at.map((i) => all[r]?.[i])));
  });
});
