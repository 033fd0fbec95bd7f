import { programOn } from './programOn';
import { PROGRAM, rangeModule } from './rowPrograms';
import {
  type PlacedScaling,
  type RowScalers,
  rowScalersIn,
  rowsOfBlock,
  type Scaling,
  scaleBlock,
} from './scaleBlock';

export type { Scaling } from './scaleBlock';

/*
 * Large matrices of the host, row by row, by SIMD: blocks of rows are copied into a small memory that stays in the cache, which
 * takes a quarter of the time of the plain loop. The loop is for small ones, rows that are no whole vectors, and machines
 * without SIMD; both give the same bits.
 */

/** Below it the plain loop is done before a block is copied. */
const WORTH_COPYING = 2 ** 12;
const LANES = 4;
const FLOAT = 4;
const PAGE = 2 ** 16;

type RangeFunction = (...numbers: readonly number[]) => void;

interface Programs {
  readonly memory: WebAssembly.Memory;
  readonly range: RangeFunction;
  readonly scalers: RowScalers;
}

let made: Programs | null | undefined;

function programs(): Programs | null {
  if (made !== undefined) return made;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const range = programOn<RangeFunction>(PROGRAM, rangeModule)(memory);
  const scalers = rowScalersIn(memory);
  made = range && scalers && { memory, range, scalers };
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

/** Numbers of the largest block. */
const blockSize = (length: number, rowSize: number): number =>
  Math.min(length, rowsOfBlock(rowSize) * rowSize);

/** Calls back with blocks of whole rows: their number and where they begin and end. */
function eachBlock(
  length: number,
  rowSize: number,
  see: (rows: number, start: number, end: number) => void,
): void {
  const step = rowsOfBlock(rowSize) * rowSize;
  for (let start = 0; start < length; start += step) {
    const end = Math.min(length, start + step);
    see((end - start) / rowSize, start, end);
  }
}

const factorCount = (scalings: readonly Scaling[]): number =>
  scalings.reduce((size, { factors }) => size + factors.length, 0);

/** Puts the factors one behind the other, from a number of the room on. */
function place(room: Float32Array, scalings: readonly Scaling[], from: number): readonly PlacedScaling[] {
  let at = from;
  return scalings.map(({ by, factors }) => {
    room.set(factors, at);
    const address = at * FLOAT;
    at += factors.length;
    return { by, address };
  });
}

/**
 * Widens the ranges `low` and `high` of each column by whole rows of as many numbers, multiplied by one scaling behind the
 * other; the products are not kept. NaN is left out; says whether there was one.
 */
export function rangeColumns(
  data: Float32Array,
  low: Float32Array,
  high: Float32Array,
  scalings: readonly Scaling[] = [],
): boolean {
  const rowSize = low.length;
  const found = programsFor(data, rowSize);
  if (!found) return rangeScaledPlainly(data, low, high, scalings);
  const factors = 2 * rowSize + LANES;
  const block = factors + factorCount(scalings);
  const room = roomFor(found.memory, block + blockSize(data.length, rowSize));
  const at = { low: 0, high: rowSize * FLOAT, nan: 2 * rowSize * FLOAT, block: block * FLOAT };
  room.set(low);
  room.set(high, rowSize);
  const nan = new Int32Array(found.memory.buffer, at.nan, LANES).fill(0);
  const placed = place(room, scalings, factors);
  const rowBytes = rowSize * FLOAT;
  eachBlock(data.length, rowSize, (rows, start, end) => {
    room.set(data.subarray(start, end), block);
    const scaled = { source: at.block, out: at.block, firstRow: start / rowSize, rows, rowBytes };
    scaleBlock(found.scalers, scaled, placed);
    found.range(at.block, at.low, at.high, at.nan, rows, rowBytes);
  });
  low.set(room.subarray(0, rowSize));
  high.set(room.subarray(rowSize, 2 * rowSize));
  return nan.some((bits) => bits !== 0);
}

/** Block by block, as the programs do: a copy of the whole would be memory that nobody has used yet. */
function rangeScaledPlainly(
  data: Float32Array,
  low: Float32Array,
  high: Float32Array,
  scalings: readonly Scaling[],
): boolean {
  if (scalings.length === 0) return rangePlainly(data, low, high);
  const rowSize = low.length;
  const room = new Float32Array(blockSize(data.length, rowSize));
  let hasNaN = false;
  eachBlock(data.length, rowSize, (_, start, end) => {
    const block = room.subarray(0, end - start);
    block.set(data.subarray(start, end));
    scalePlainly(block, rowSize, scalings, start / rowSize);
    hasNaN = rangePlainly(block, low, high) || hasNaN;
  });
  return hasNaN;
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
    scalePlainly(out, rowSize, scalings, 0);
    return;
  }
  const block = blockSize(source.length, rowSize);
  const room = roomFor(found.memory, block + factorCount(scalings));
  const placed = place(room, scalings, block);
  eachBlock(source.length, rowSize, (rows, start, end) => {
    room.set(source.subarray(start, end));
    const scaled = { source: 0, out: 0, firstRow: start / rowSize, rows, rowBytes: rowSize * FLOAT };
    scaleBlock(found.scalers, scaled, placed);
    out.set(room.subarray(0, end - start), start);
  });
}

/** In place: rows of which the first is the `firstRow`th of those that the scalings are for. */
function scalePlainly(
  rows: Float32Array,
  rowSize: number,
  scalings: readonly Scaling[],
  firstRow: number,
): void {
  for (const { by, factors } of scalings)
    for (let start = 0, row = firstRow; start < rows.length; start += rowSize, row++)
      for (let c = 0; c < rowSize; c++)
        rows[start + c] = (rows[start + c] ?? 0) * (factors[by === 'column' ? c : row] ?? 1);
}
