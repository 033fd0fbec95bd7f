import { floatTensor, type Tensor } from '../../graph/tensor';
import type { ByteSource } from '../byteSource';
import { FormatError } from '../errors';
import { formatBytes, readRange } from '../readRange';

/** JavaScript strings end near 512 million characters; numbers in that size belong into a .npy file anyway. */
export const MAX_CSV_BYTES = 2 ** 28;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
]);

/** A cell's number, or null when it is none. `nan` and `inf` are numbers, as NumPy writes them. */
function parseCell(cell: string): number | null {
  const text = cell.trim();
  if (NUMBER.test(text)) return Number(text);
  if (text.length > 1 && text.startsWith('"') && text.endsWith('"')) return parseCell(text.slice(1, -1));
  const special = SPECIAL.get(text.replace(/^[+-]/, '').toLowerCase());
  if (special === undefined) return null;
  return text.startsWith('-') ? -special : special;
}

/** The separator is what the first line has: a comma, else a semicolon, else a tab. */
const separatorOf = (line: string): string => [',', ';', '\t'].find((mark) => line.includes(mark)) ?? ',';

interface Line {
  readonly text: string;
  /** Counted from 1, as editors do. */
  readonly number: number;
}

function* linesOf(text: string): Generator<Line> {
  let number = 1;
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line.trim() !== '') yield { text: line, number };
    number++;
  }
}

function parseRow(file: string, line: Line, separator: string, columns: number | null): readonly number[] {
  const cells = line.text.split(separator);
  if (columns !== null && cells.length !== columns)
    throw new FormatError(
      file,
      `row ${line.number} has ${cells.length} columns, the rows before it have ${columns}.`,
    );
  return cells.map((cell, i) => {
    const where = `row ${line.number}, column ${i + 1}`;
    const value = parseCell(cell);
    if (value === null)
      throw new FormatError(file, `${where}: '${cell.trim().slice(0, 40)}' is not a number.`);
    if (Number.isFinite(value) && !Number.isFinite(Math.fround(value)))
      throw new FormatError(file, `${where}: ${cell.trim()} is outside the range of float32.`);
    return value;
  });
}

/** A first line without a single number holds the names of the columns. */
const isHeader = (line: Line, separator: string): boolean =>
  line.text.split(separator).every((cell) => parseCell(cell) === null);

/**
 * Reads a CSV file of numbers as float32 `[rows, columns]`: one row a sample, a header line skipped. Throws a
 * FormatError that names row and column of the first cell that is not a number.
 */
export async function readCsv(source: ByteSource): Promise<Tensor> {
  if (source.size > MAX_CSV_BYTES)
    throw new FormatError(
      source.name,
      `has ${formatBytes(source.size)}; CSV files of at most ${formatBytes(MAX_CSV_BYTES)} are read. Save it as .npy instead.`,
    );
  const bytes = await readRange(source, 0, source.size, 'the file');
  const [first, ...rest] = linesOf(new TextDecoder().decode(bytes));
  if (!first) throw new FormatError(source.name, 'has no rows.');
  const separator = separatorOf(first.text);
  const lines = isHeader(first, separator) ? rest : [first, ...rest];
  if (lines.length === 0) throw new FormatError(source.name, 'has a header line but no rows.');
  const rows: Float32Array[] = [];
  for (const line of lines)
    rows.push(new Float32Array(parseRow(source.name, line, separator, rows[0]?.length ?? null)));
  const columns = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * columns);
  for (const [i, row] of rows.entries()) data.set(row, i * columns);
  return floatTensor([rows.length, columns], data);
}
