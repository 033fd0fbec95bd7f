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

/** The lines that are not empty, one after the other: all at once they take more than the text. */
/** The lines that are not blank, one after the other: all at once would take more than the text. */
function* linesOf(text: string): Generator<Line> {
  const lineEnd = /\r\n|\n|\r|$/g;
  let number = 1;
  for (let start = 0; start < text.length; number++) {
    lineEnd.lastIndex = start;
    const end = lineEnd.exec(text)?.index ?? text.length;
    const line = text.slice(start, end);
    if (line.trim() !== '') yield { text: line, number };
    start = Math.max(end + 1, lineEnd.lastIndex);
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

/** Rows of one length, in an array that grows: an array a row takes a hundred bytes for each. */
class Rows {
  private data = new Float32Array(1024);
  count = 0;
  columns: number | null = null;

  constructor(
    private readonly file: string,
    private readonly separator: string,
  ) {}

  add(line: Line): void {
    const row = parseRow(this.file, line, this.separator, this.columns);
    this.columns = row.length;
    const start = this.count * row.length;
    if (start + row.length > this.data.length) {
      const larger = new Float32Array(Math.max(2 * this.data.length, start + row.length));
      larger.set(this.data);
      this.data = larger;
    }
    this.data.set(row, start);
    this.count++;
  }

  get values(): Float32Array {
    return this.data.slice(0, this.count * (this.columns ?? 0));
  }
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
  const lines = linesOf(new TextDecoder().decode(bytes));
  const { value: first } = lines.next();
  if (!first) throw new FormatError(source.name, 'has no rows.');
  const separator = separatorOf(first.text);
  const rows = new Rows(source.name, separator);
  if (!isHeader(first, separator)) rows.add(first);
  for (const line of lines) rows.add(line);
  if (rows.count === 0) throw new FormatError(source.name, 'has a header line but no rows.');
  return floatTensor([rows.count, rows.columns ?? 0], rows.values);
}
