import { FunctionBody, type Local, type MemoryKind, moduleOf } from './assembler';
import { programOn } from './programOn';

const BIN_COUNTS = 'binCounts';
const VECTOR = 16;
const VALUE = 4;
const LANES = [0, 1, 2, 3] as const;

/**
 * Counts `size` float32 values in `bins` equal bins, in place. `counts` is int32 `[bins + 1, 4]`: the last row is for what lies
 * outside, NaN among it; a bin's count is the sum of its row. `edges` is float32 `[low, high, high − low, bins]`. The
 * arithmetic is float32's, as src/webgpu/histogram/reference.ts has it. Addresses in bytes.
 */
export type BinCountsFunction = (
  values: number,
  size: number,
  counts: number,
  edges: number,
  bins: number,
) => void;

/** Counts that a bin has while they are made: a value need not wait for the one before it in the same bin. */
export const COUNTS_A_BIN = LANES.length;

export const binCountsModule = (memory: MemoryKind): Uint8Array<ArrayBuffer> =>
  moduleOf([binCounts()], BIN_COUNTS, memory);

/** The program on a memory; null where the machine has no SIMD. */
export const binCountsIn = programOn<BinCountsFunction>(BIN_COUNTS, binCountsModule);

function binCounts(): FunctionBody {
  const f = new FunctionBody(5);
  const [values, size, counts, edges, bins] = f.parameters() as readonly [Local, Local, Local, Local, Local];
  const left = f.local('i32');
  const find = binFinder(f, edges, bins);
  const walk = (bytes: number, body: () => void) =>
    f.tee(left).when(() => {
      f.loop(() => {
        body();
        f.advance(values, bytes).get(left).integer(1).op('i32.sub').tee(left).branchIf(0);
      });
    });
  f.get(size).integer(-LANES.length).op('i32.and').integer(2).op('i32.shr_u');
  walk(VECTOR, () => {
    const rows = find(() => f.get(values).access('v128.load'));
    for (const lane of LANES) countOne(f, counts, rows, lane);
  });
  f.get(size)
    .integer(LANES.length - 1)
    .op('i32.and');
  walk(VALUE, () => {
    const rows = find(() => f.get(values).access('v128.load32_splat'));
    countOne(f, counts, rows, 0);
  });
  return f;
}

/** What finds the rows of `counts`, in bytes from its start, of the four values that `load` leaves on the stack. */
function binFinder(f: FunctionBody, edges: Local, bins: Local): (load: () => void) => Local {
  const [low, high, span, count] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')];
  const [last, outside, value, rows] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')];
  [low, high, span, count].forEach((edge, index) => {
    f.get(edges)
      .access('v128.load32_splat', index * VALUE)
      .set(edge);
  });
  f.get(bins).integer(1).op('i32.sub', 'i32x4.splat').set(last);
  f.get(bins).op('i32x4.splat').set(outside);
  return (load) => {
    load();
    f.tee(value).get(low).op('f32x4.sub').get(span).op('f32x4.div').get(count).op('f32x4.mul');
    f.op('i32x4.trunc_sat_f32x4_s').get(last).op('i32x4.min_s').get(outside);
    f.get(value).get(low).op('f32x4.ge').get(value).get(high).op('f32x4.le', 'v128.and');
    f.op('v128.bitselect')
      .integer(Math.log2(COUNTS_A_BIN * VALUE))
      .op('i32x4.shl')
      .set(rows);
    return rows;
  };
}

function countOne(f: FunctionBody, counts: Local, rows: Local, lane: (typeof LANES)[number]): void {
  const at = f.local('i32');
  f.get(counts).get(rows).integerLane(lane).op('i32.add').tee(at);
  f.get(at)
    .access('i32.load', lane * VALUE)
    .integer(1)
    .op('i32.add');
  f.access('i32.store', lane * VALUE);
}
