import { describe, expect, it } from 'vitest';
import { markedProcess } from './processMemory';

const MARK = 64;

describe("the page's process", () => {
  it('is the one that grew by the mark, not the largest', () => {
    const before = new Map([
      [1, 33],
      [2, 22],
      [3, 20],
    ]);
    const after = new Map([
      [1, 52],
      [2, 86],
      [3, 20],
      [4, 20],
    ]);
    expect(markedProcess(before, after, MARK)).toBe(2);
  });

  it('is an error where none or more than one grew', () => {
    const before = new Map([
      [1, 20],
      [2, 20],
    ]);
    expect(() => markedProcess(before, before, MARK)).toThrow('0 processes');
    const both = new Map([
      [1, 84],
      [2, 84],
    ]);
    expect(() => markedProcess(before, both, MARK)).toThrow('2 processes');
  });
});
