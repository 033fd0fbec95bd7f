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

/** Widens the ranges `low` and `high` of each column by whole rows of as many numbers. NaN is left out. */
export function rangeColumns(data: Float32Array, low: Float32Array, high: Float32Array): void {
  const rowSize = low.length;
  const found = programsFor(data, rowSize);
  if (!found) {
    for (let start = 0; start < data.length; start += rowSize)
      for (let c = 0; c < rowSize; c++) {
        const value = data[start + c] ?? 0;
        if (value < (low[c] ?? 0)) low[c] = value;
        if (value > (high[c] ?? 0)) high[c] = value;
      }
    return;
  }
  const room = roomFor(found.memory, 2 * rowSize + blockSize(data.length, rowSize));
  room.set(low);
  room.set(high, rowSize);
  eachBlock(data.length, rowSize, (rows, start, end) => {
    room.set(data.subarray(start, end), 2 * rowSize);
    found.range(2 * rowSize * FLOAT, 0, rowSize * FLOAT, rows, rowSize * FLOAT);
  });
  low.set(room.subarray(0, rowSize));
  high.set(room.subarray(rowSize, 2 * rowSize));
}

/** Multiplies each column of whole rows, in place, by its factor. */
export function scaleColumns(data: Float32Array, factors: Float32Array): void {
  const rowSize = factors.length;
  const found = programsFor(data, rowSize);
  if (!found) {
    for (let start = 0; start < data.length; start += rowSize)
      for (let c = 0; c < rowSize; c++) data[start + c] = (data[start + c] ?? 0) * (factors[c] ?? 1);
    return;
  }
  const room = roomFor(found.memory, rowSize + blockSize(data.length, rowSize));
  room.set(factors);
  eachBlock(data.length, rowSize, (rows, start, end) => {
    room.set(data.subarray(start, end), rowSize);
    found.byColumn(rowSize * FLOAT, 0, rows, rowSize * FLOAT);
    data.set(room.subarray(rowSize, rowSize + end - start), start);
  });
}

/** Multiplies each of as many rows as there are factors, in place, by its factor. */
export function scaleRows(data: Float32Array, factors: Float32Array): void {
  if (data.length === 0) return;
  const rowSize = data.length / factors.length;
  const found = programsFor(data, rowSize);
  if (!found) {
    factors.forEach((factor, row) => {
      for (let i = row * rowSize; i < (row + 1) * rowSize; i++) data[i] = (data[i] ?? 0) * factor;
    });
    return;
  }
  const block = blockSize(data.length, rowSize);
  const room = roomFor(found.memory, block + factors.length);
  room.set(factors, block);
  eachBlock(data.length, rowSize, (rows, start, end) => {
    room.set(data.subarray(start, end));
    found.byRow(0, (block + start / rowSize) * FLOAT, rows, rowSize * FLOAT);
    data.set(room.subarray(0, end - start), start);
  });
}
