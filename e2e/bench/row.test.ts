import { describe, expect, it } from 'vitest';
import { bytes, ms, printed, printedBound, printedRatio, type Row, verdictOf } from './row';

const row = (part: Partial<Row>): Row => ({
  task: 'a task',
  where: 'wasm',
  rival: 'another',
  ours: ms(10),
  rivals: ms(20),
  bound: null,
  ...part,
});

describe('a row of the bench', () => {
  it('holds a bound of how large the ratio may be', () => {
    expect(verdictOf(row({ bound: { atMost: 0.5 } }))).toBe('ok');
    expect(verdictOf(row({ bound: { atMost: 0.49 } }))).toBe('FAILED');
  });

  it('holds a bound of how much faster the studio must be', () => {
    expect(verdictOf(row({ bound: { faster: 2 } }))).toBe('ok');
    expect(verdictOf(row({ bound: { faster: 2.1 } }))).toBe('FAILED');
    expect(printedRatio(row({ bound: { faster: 2 } }))).toBe('2.00× faster');
  });

  it('says that a rival is missing, and never that its bound holds', () => {
    expect(verdictOf(row({ rivals: null, bound: { faster: 2 } }))).toBe('missing');
    expect(verdictOf(row({ rivals: null }))).toBe('');
  });

  it('prints quantities in units that read well', () => {
    expect([ms(1.234), ms(123.4), ms(12_345), bytes(612_345), bytes(5.04e8)].map(printed)).toEqual([
      '1.23 ms',
      '123 ms',
      '12.3 s',
      '612 kB',
      '504 MB',
    ]);
    expect(printedBound(row({ bound: { atMost: 1.5 } }))).toBe('≤ 1.5×');
  });
});
