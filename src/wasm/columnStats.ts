import { FunctionBody, type Local, type MemoryKind, moduleOf } from './assembler';

const COLUMN_STATS = 'columnStats';
const VECTOR = 16;

/** Of all NaN and infinities, and the keys of the infinities (src/webgpu/channelStats/orderedKey.ts). */
const EXPONENT_BITS = 0x7f800000;
const KEY_OF_INFINITY = EXPONENT_BITS;
const KEY_OF_MINUS_INFINITY = ~EXPONENT_BITS;
const MOST = 2 ** 31 - 1;

/**
 * Folds float32 values `[rows, columns]` into int32 statistics `[3, columns]` of each column, in place: least key, greatest
 * key, count of NaN and infinite values (at most 2³¹ − 1). Addresses in bytes; columns in fours.
 */
export type ColumnStatsFunction = (values: number, stats: number, rows: number, columns: number) => void;

export const columnStatsModule = (memory: MemoryKind): Uint8Array<ArrayBuffer> =>
  moduleOf([columnStats()], COLUMN_STATS, memory);

const programs = new WeakMap<WebAssembly.Memory, ColumnStatsFunction | null>();

/** The program on a memory; null where the machine has no SIMD. */
export function columnStatsIn(memory: WebAssembly.Memory): ColumnStatsFunction | null {
  const known = programs.get(memory);
  if (known !== undefined) return known;
  const isShared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
  const bytes = columnStatsModule(isShared ? 'shared' : 'unshared');
  const made = WebAssembly.validate(bytes)
    ? // The module's own bytes say what it exports.
      (new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports[
        COLUMN_STATS
      ] as ColumnStatsFunction)
    : null;
  programs.set(memory, made);
  return made;
}

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
  const [bits, key, isBad] = [f.local('v128'), f.local('v128'), f.local('v128')];
  const all = (value: number) => f.integer(value).op('i32x4.splat');
  f.get(values).access('v128.load').tee(bits);
  all(EXPONENT_BITS).op('v128.and');
  all(EXPONENT_BITS).op('i32x4.eq').set(isBad);
  f.get(bits).integer(31).op('i32x4.shr_s');
  all(MOST).op('v128.and').get(bits).op('v128.xor').set(key);
  f.get(low).get(low).access('v128.load');
  all(KEY_OF_INFINITY).get(key).get(isBad).op('v128.bitselect', 'i32x4.min_s').access('v128.store');
  f.get(high).get(high).access('v128.load');
  all(KEY_OF_MINUS_INFINITY).get(key).get(isBad).op('v128.bitselect', 'i32x4.max_s').access('v128.store');
  // A mask is −1 where it holds.
  f.get(count).get(count).access('v128.load').get(isBad).op('i32x4.sub');
  all(MOST).op('i32x4.min_u').access('v128.store');
}
