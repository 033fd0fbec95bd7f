import { FunctionBody, type Local, type MemoryKind, moduleOf } from './assembler';
import { programOn } from './programOn';
import { keyReader, MAX_COUNT, splat } from './statsKeys';

const COLUMN_STATS = 'columnStats';
const VECTOR = 16;

/**
 * Folds float32 values `[rows, columns]` into int32 statistics `[3, columns]` of each column, in place: least key, greatest
 * key, count of NaN and infinite values (at most 2³¹ − 1). Addresses in bytes; columns in fours.
 */
export type ColumnStatsFunction = (values: number, stats: number, rows: number, columns: number) => void;

export const columnStatsModule = (memory: MemoryKind): Uint8Array<ArrayBuffer> =>
  moduleOf([columnStats()], COLUMN_STATS, memory);

/** The program on a memory; null where the machine has no SIMD. */
export const columnStatsIn = programOn<ColumnStatsFunction>(COLUMN_STATS, columnStatsModule);

/** Row by row, four columns at a time. */
function columnStats(): FunctionBody {
  const f = new FunctionBody(4);
  const [values, stats, rows, columns] = f.parameters() as readonly [Local, Local, Local, Local];
  const [rowBytes, left, low, high, count] = [
    f.local('i32'),
    f.local('i32'),
    f.local('i32'),
    f.local('i32'),
    f.local('i32'),
  ];
  f.get(columns).integer(2).op('i32.shl').set(rowBytes);
  f.get(rows).op('i32.eqz', 'i32.eqz').get(columns).op('i32.eqz', 'i32.eqz', 'i32.and');
  f.when(() => {
    f.loop(() => {
      f.get(stats).set(low);
      f.get(low).get(rowBytes).op('i32.add').set(high);
      f.get(high).get(rowBytes).op('i32.add').set(count);
      f.get(rowBytes).set(left);
      f.loop(() => {
        foldVector(f, values, { low, high, count });
        for (const at of [values, low, high, count]) f.advance(at, VECTOR);
        f.get(left).integer(VECTOR).op('i32.sub').tee(left).branchIf(0);
      });
      f.get(rows).integer(1).op('i32.sub').tee(rows).branchIf(0);
    });
  });
  return f;
}

function foldVector(
  f: FunctionBody,
  values: Local,
  { low, high, count }: { readonly low: Local; readonly high: Local; readonly count: Local },
): void {
  const keys = keyReader(f);
  keys.read(() => f.get(values).access('v128.load'));
  f.get(low).get(low).access('v128.load');
  keys.pushForLeast().op('i32x4.min_s').access('v128.store');
  f.get(high).get(high).access('v128.load');
  keys.pushForGreatest().op('i32x4.max_s').access('v128.store');
  // A mask is −1 where it holds.
  f.get(count).get(count).access('v128.load').get(keys.isBad).op('i32x4.sub');
  splat(f, MAX_COUNT).op('i32x4.min_u').access('v128.store');
}
