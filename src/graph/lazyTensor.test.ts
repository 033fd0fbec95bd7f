import { describe, expect, it } from 'vitest';
import { computedTensor, isLazy, keepTensors, lazyTensor, withoutKept } from './lazyTensor';
import { asFloat, floatTensor } from './tensor';

/** A lazy tensor of `count` elements, and how often it was made. */
function counted(count: number) {
  let made = 0;
  const tensor = lazyTensor('float32', [count], () => {
    made++;
    return new Float32Array(count).fill(made);
  });
  return { tensor, made: () => made };
}

describe('lazyTensor', () => {
  it('makes its data when it is asked for, not before, and keeps what was made last', () => {
    const { tensor, made } = counted(4);
    expect([tensor.shape, tensor.dtype, isLazy(tensor), made()]).toEqual([[4], 'float32', true, 0]);
    expect([...tensor.data, ...tensor.data]).toEqual(Array(8).fill(1));
    expect(made()).toBe(1);
    expect(isLazy(asFloat(tensor, 'x'))).toBe(true);
    expect(made()).toBe(1);
  });

  it('lets go of what was not asked for lately once 64 MiB were made after it', () => {
    const [first, second] = [counted(2 ** 22), counted(2 ** 22)];
    for (const { tensor } of [first, second]) expect(tensor.data.length).toBe(2 ** 22);
    for (let i = 0; i < 3; i++) {
      // Asked for again and again, it stays.
      expect(first.tensor.data.length).toBe(2 ** 22);
      expect(counted(2 ** 22).tensor.data.length).toBe(2 ** 22);
    }
    expect([first.tensor.data[0], first.made()]).toEqual([1, 1]);
    expect([second.tensor.data[0], second.made()]).toEqual([2, 2]);
  });

  it('does not keep what is larger than 64 MiB alone', () => {
    const { tensor, made } = counted(2 ** 24 + 1);
    expect([tensor.data[0], tensor.data[0], made()]).toEqual([1, 2, 2]);
  });
});

describe('keepTensors', () => {
  it('says how much stays, and lets go of the rest at once', () => {
    const tensors = Array.from({ length: 3 }, () => counted(2 ** 23));
    const ask = () => tensors.map(({ tensor, made }) => [tensor.data[0], made()].join());
    keepTensors(3 * 2 ** 25);
    expect([ask(), ask()]).toEqual([Array(3).fill('1,1'), Array(3).fill('1,1')]);
    keepTensors();
    expect(ask()).toEqual(['2,2', '2,2', '2,2']);
  });
});

describe('withoutKept', () => {
  it('keeps nothing that the work reads, and as much as before afterwards', () => {
    const { tensor, made } = counted(4);
    expect(withoutKept(() => [tensor.data[0], tensor.data[0], made()])).toEqual([1, 2, 2]);
    expect([tensor.data[0], tensor.data[0]]).toEqual([3, 3]);
    expect(() =>
      withoutKept(() => {
        throw new Error('stop');
      }),
    ).toThrow('stop');
    // What was kept before went as well.
    expect([tensor.data[0], tensor.data[0]]).toEqual([4, 4]);
  });
});

describe('computedTensor', () => {
  const twice = (data: ArrayLike<number>) => Float32Array.from(data, (value) => 2 * value);

  it('is computed at once of tensors in memory', () => {
    const source = floatTensor([2], Float32Array.of(1, 2));
    const tensor = computedTensor([2], [source], () => twice(source.data));
    expect([isLazy(tensor), ...tensor.data]).toEqual([false, 2, 4]);
  });

  it('is computed of a lazy one whenever it is asked for', () => {
    const { tensor: source, made } = counted(2);
    const tensor = computedTensor([2], [source], () => twice(source.data));
    const again = computedTensor([2], [tensor], () => twice(tensor.data));
    expect([isLazy(again), made()]).toEqual([true, 0]);
    expect([...again.data]).toEqual([4, 4]);
  });
});
