import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refusalToWrite, withGenerated } from './generated';

const PAGE = readFileSync(new URL('../../docs/bench.md', import.meta.url), 'utf8');
const rowsOf = (page: string, start: string): readonly string[] =>
  page.split('\n').filter((line) => line.startsWith(start));

describe('what the bench writes into docs/bench.md', () => {
  it('is the table alone, and the growth stays', () => {
    const written = withGenerated(PAGE, 'table', 'A new table.');
    expect(written).toContain('A new table.');
    expect(rowsOf(written, '| range of each channel')).toEqual([]);
    expect(rowsOf(PAGE, '| slope')).toHaveLength(4);
    expect(rowsOf(written, '| slope')).toEqual(rowsOf(PAGE, '| slope'));
  });

  it('is the growth alone, and the table stays', () => {
    const written = withGenerated(PAGE, 'growth', 'New growth.');
    expect(written).toContain('New growth.');
    expect(rowsOf(written, '| slope')).toEqual([]);
    expect(rowsOf(PAGE, '| range of each channel').length).toBeGreaterThan(10);
    expect(rowsOf(written, '| range of each channel')).toEqual(rowsOf(PAGE, '| range of each channel'));
  });

  it('can be written again and again', () => {
    const once = withGenerated(PAGE, 'growth', 'New growth.');
    expect(withGenerated(once, 'growth', 'New growth.')).toBe(once);
  });

  it('is an error where the page has no place for it', () => {
    expect(() => withGenerated('# A page', 'table', '')).toThrow('no place for the table');
  });
});

describe('groups that are written', () => {
  const table = ['kernels', 'page'];

  it('are those of the whole table, of growth, or both', () => {
    expect(refusalToWrite(table, table)).toBeNull();
    expect(refusalToWrite(['growth'], table)).toBeNull();
    expect(refusalToWrite(['growth', ...table], table)).toBeNull();
  });

  it('are refused where rows of others would be lost, which are named', () => {
    expect(refusalToWrite(['page', 'growth'], table)).toContain('rows of kernels would be lost');
  });
});
