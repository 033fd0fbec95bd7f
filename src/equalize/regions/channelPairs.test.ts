import { describe, expect, it } from 'vitest';
import { type ChannelPairs, reshapedPairs, shiftedPairs, slicedPairs } from './channelPairs';

const text = (pairs: ChannelPairs | null) => {
  const made = pairs?.();
  return made && Array.from(made.operand, (c, i) => `${c}-${made.output[i]}`).join(' ');
};

describe('channels of an operand and of the output', () => {
  it('kept in their order, or behind others', () => {
    expect(text(shiftedPairs(3))).toBe('0-0 1-1 2-2');
    expect(text(shiftedPairs(2, 3))).toBe('0-3 1-4');
  });
  it('picked by a slice', () => {
    expect(text(slicedPairs(3, 1, 2))).toBe('1-0 3-1 5-2');
  });
});

describe('a reshape', () => {
  it('gives each channel a block of the flattened axis', () => {
    expect(text(reshapedPairs(['n', 2, 3], -2, ['n', 6], -1))).toBe('0-0 0-1 0-2 1-3 1-4 1-5');
  });
  it('gives each entry of the last axis every third place', () => {
    expect(text(reshapedPairs(['n', 2, 3], -1, ['n', 6], -1))).toBe('0-0 1-1 2-2 0-3 1-4 2-5');
  });
  it('splits an axis: the outer part takes blocks, the inner part turns', () => {
    expect(text(reshapedPairs(['n', 6], -1, ['n', 2, 3], -2))).toBe('0-0 1-0 2-0 3-1 4-1 5-1');
    expect(text(reshapedPairs(['n', 6], -1, ['n', 2, 3], -1))).toBe('0-0 1-1 2-2 3-0 4-1 5-2');
  });
  it('keeps an axis behind which nothing changes', () => {
    expect(text(reshapedPairs(['n', 4, 2], -1, ['?', 2], -1))).toBe('0-0 1-1');
  });
  it('has no pairs where axes cross', () => {
    expect(reshapedPairs(['n', 2, 3], -2, ['n', 3, 2], -2)).toBeNull();
    expect(reshapedPairs(['n', 4, 6], -2, ['n', 6, 4], -1)).toBeNull();
  });
  it('has none where a length is not known or there is no such axis', () => {
    expect(reshapedPairs(['n', 2, '?'], -2, ['n', '?'], -1)).toBeNull();
    expect(reshapedPairs([2], -2, [2], -1)).toBeNull();
  });
});
