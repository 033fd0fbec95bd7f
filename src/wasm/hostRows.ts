import { rangeModule, scaleModule } from './hostPrograms';

/*
 * Large matrices of the host, row by row, by SIMD: blocks of rows are copied into a small memory that stays in the cache, which
 * takes a quarter of the time of the plain loop. The loop is for small ones, rows that are no whole vectors, and machines
 * without SIMD; both give the same bits.
 */

/** Numbers that a block may have: with its vectors it fits into the second cache. */
const BLOCK = 2 ** 15;
/** Below it the plain loop is done before a block is copied. */
const WORTH_COPYING = 2 ** 12;
const LANES = 4;
const FLOAT = 4;
const PAGE = 2 ** 16;

type Program = (...numbers: readonly number[]) => void;

interface Programs {
  readonly memory: WebAssembly.Memory;
  readonly range: Program;
  readonly byColumn: Program;
  readonly byRow: Program;
}

let made: Programs | null | undefined;

function programs(): Programs | null {
  if (made !== undefined) return made;
  const modules = [rangeModule(), scaleModule('column'), scaleModule('row')];
  if (!modules.every((bytes) => WebAssembly.validate(bytes))) {
    made = null;
    return made;
  }
  const memory = new WebAssembly.Memory({ initial: 1 });
  const [range, byColumn, byRow] = modules.map(
    // The modules' own bytes say what they export.
    (bytes) =>
      new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports.run as Program,
  );
  if (!range || !byColumn || !byRow) throw new Error('internal: a program of the host exports nothing.');
  made = { memory, range, byColumn, byRow };
  return made;
}

const programsFor = (data: Float32Array, rowSize: number): Programs | null =>
  data.length >= WORTH_COPYING && rowSize % LANES === 0 ? programs() : null;

/** Room for so many numbers at the start of the memory. */
function roomFor(memory: WebAssembly.Memory, length: number): Float32Array {
  const lacking = length * FLOAT - memory.buffer.byteLength;
  if (lacking > 0) memory.grow(Math.ceil(lacking / PAGE));
  return new Float32Array(memory.buffer, 0, length);
}

/** Calls back with blocks of whole rows: their number and where they begin and end. */
function eachBlock(
  length: number,
  rowSize: number,
  see: (rows: number, start: number, end: number) => void,
): void {
  const step = Math.max(1, Math.floor(BLOCK / rowSize)) * rowSize;
  for (let start = 0; start < length; start += step) {
    const end = Math.min(length, start + step);
    see((end - start) / rowSize, start, end);
  }
}

/** Numbers of the largest block. */
const blockSize = (length: number, rowSize: number): number =>
  Math.min(length, Math.max(1, Math.floor(BLOCK / rowSize)) * rowSize);

/**
 * Widens the ranges `low` and `high` of each column by whole rows of as many numbers. NaN is left out; says whether there
 * was one.
 */
export function rangeColumns(data: Float32Array, low: Float32Array, high: Float32Array): boolean {
  const rowSize = low.length;
  const found = programsFor(data, rowSize);
  if (!found) return rangePlainly(data, low, high);
  const block = 2 * rowSize + LANES;
  const room = roomFor(found.memory, block + blockSize(data.length, rowSize));
  const at = { low: 0, high: rowSize * FLOAT, nan: 2 * rowSize * FLOAT };
  room.set(low);
  room.set(high, rowSize);
  const nan = new Int32Array(found.memory.buffer, at.nan, LANES).fill(0);
  eachBlock(data.length, rowSize, (rows, start, end) => {
    room.set(data.subarray(start, end), block);
    found.range(block * FLOAT, at.low, at.high, at.nan, rows, rowSize * FLOAT);
  });
  low.set(room.subarray(0, rowSize));
  high.set(room.subarray(rowSize, 2 * rowSize));
  return nan.some((bits) => bits !== 0);
}

function rangePlainly(data: Float32Array, low: Float32Array, high: Float32Array): boolean {
  const rowSize = low.length;
  let hasNaN = false;
  for (let start = 0; start < data.length; start += rowSize)
    for (let c = 0; c < rowSize; c++) {
      const value = data[start + c] ?? 0;
      if (value < (low[c] ?? 0)) low[c] = value;
      if (value > (high[c] ?? 0)) high[c] = value;
      hasNaN ||= Number.isNaN(value);
    }
  return hasNaN;
}

/** One factor for each column, or one for each row. */
export interface Scaling {
  readonly by: 'column' | 'row';
  readonly factors: Float32Array;
}

/** Whole rows of so many numbers, multiplied by one scaling behind the other: from `source` to `out`, each number read and written once. */
export function scaleRows(
  source: Float32Array,
  out: Float32Array,
  rowSize: number,
  scalings: readonly Scaling[],
): void {
  const found = programsFor(source, rowSize);
  if (!found) {
    out.set(source);
    for (const scaling of scalings) scalePlainly(out, rowSize, scaling);
    return;
  }
  const block = blockSize(source.length, rowSize);
  const room = roomFor(
    found.memory,
    scalings.reduce((size, { factors }) => size + factors.length, block),
  );
  const addresses = scalings.map((_, i) =>
    scalings.slice(0, i).reduce((at, { factors }) => at + factors.length * FLOAT, block * FLOAT),
  );
  scalings.forEach(({ factors }, i) => {
    room.set(factors, (addresses[i] ?? 0) / FLOAT);
  });
  eachBlock(source.length, rowSize, (rows, start, end) => {
    room.set(source.subarray(start, end));
    scalings.forEach(({ by }, i) => {
      const address = addresses[i] ?? 0;
      if (by === 'column') found.byColumn(0, address, rows, rowSize * FLOAT);
      else found.byRow(0, address + (start / rowSize) * FLOAT, rows, rowSize * FLOAT);
    });
    out.set(room.subarray(0, end - start), start);
  });
}

function scalePlainly(data: Float32Array, rowSize: number, { by, factors }: Scaling): void {
  for (let start = 0, row = 0; start < data.length; start += rowSize, row++)
    for (let c = 0; c < rowSize; c++)
      data[start + c] = (data[start + c] ?? 0) * (factors[by === 'column' ? c : row] ?? 1);
}
