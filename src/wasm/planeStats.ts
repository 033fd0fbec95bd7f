import { FunctionBody, type Local, type MemoryKind, moduleOf } from './assembler';
import { programOn } from './programOn';
import { keyReader, MAX_COUNT, splat } from './statsKeys';

const PLANE_STATS = 'planeStats';
const VECTOR = 16;
const VALUE = 4;
const LANES = [0, 1, 2, 3] as const;

/**
 * Folds float32 values `[outer, channels, inner]` into int32 statistics `[3, channels]` of each channel, in place: least key,
 * greatest key, count of NaN and infinite values (at most 2³¹ − 1). Addresses in bytes.
 */
export type PlaneStatsFunction = (
  values: number,
  stats: number,
  outer: number,
  channels: number,
  inner: number,
) => void;

export const planeStatsModule = (memory: MemoryKind): Uint8Array<ArrayBuffer> =>
  moduleOf([planeStats()], PLANE_STATS, memory);

/** The program on a memory; null where the machine has no SIMD. */
export const planeStatsIn = programOn<PlaneStatsFunction>(PLANE_STATS, planeStatsModule);

/** A channel's statistics while its values pass. */
interface Kept {
  /** Keys, in four lanes. */
  readonly low: Local;
  readonly high: Local;
  /** How many were not finite: by lane, and of values that came by themselves. */
  readonly counts: Local;
  readonly count: Local;
}

/**
 * Channel by channel, its statistics in registers. Integer comparisons take one cycle, so the next vector never waits for the
 * last one, and all of it takes little longer than reading the values does; hence no second, shorter loop for blocks
 * without NaN, which was measured to save a sixth at most.
 */
function planeStats(): FunctionBody {
  const f = new FunctionBody(5);
  const [values, stats, outer, channels, inner] = f.parameters() as readonly [
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const [rowBytes, step, statBytes] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const [row, rows] = [f.local('i32'), f.local('i32')];
  const [low, high, counts] = [f.local('v128'), f.local('v128'), f.local('v128')];
  const kept = { low, high, counts, count: f.local('i32') };
  const foldRow = rowFolder(f, kept);
  f.get(inner).integer(2).op('i32.shl').set(rowBytes);
  f.get(channels).integer(2).op('i32.shl').set(statBytes);
  f.get(rowBytes).get(channels).op('i32.mul').set(step);
  f.get(outer).get(step).op('i32.mul', 'i32.eqz', 'i32.eqz');
  f.when(() => {
    f.loop(() => {
      begin(f, kept, stats, statBytes);
      f.get(values).set(row).get(outer).set(rows);
      f.loop(() => {
        foldRow(row, rowBytes);
        f.get(row).get(step).op('i32.add').set(row);
        f.get(rows).integer(1).op('i32.sub').tee(rows).branchIf(0);
      });
      end(f, kept, stats, statBytes);
      f.advance(stats, VALUE);
      f.get(values).get(rowBytes).op('i32.add').set(values);
      f.get(channels).integer(1).op('i32.sub').tee(channels).branchIf(0);
    });
  });
  return f;
}

/** Takes up the channel's statistics at an address; the rows of `[3, channels]` are `statBytes` apart. */
function begin(f: FunctionBody, { low, high, counts, count }: Kept, stats: Local, statBytes: Local): void {
  f.get(stats).access('v128.load32_splat').set(low);
  f.get(stats).get(statBytes).op('i32.add').access('v128.load32_splat').set(high);
  f.integer(0).tee(count).op('i32x4.splat').set(counts);
}

/** Folds a row of any length: whole vectors, then the values that are left, each as a vector of itself. */
function rowFolder(f: FunctionBody, kept: Kept): (row: Local, rowBytes: Local) => void {
  const [at, left] = [f.local('i32'), f.local('i32')];
  const keys = keyReader(f);
  const fold = (load: 'v128.load' | 'v128.load32_splat') => {
    keys.read(() => f.get(at).access(load));
    f.get(kept.low);
    keys.pushForLeast().op('i32x4.min_s').set(kept.low);
    f.get(kept.high);
    keys.pushForGreatest().op('i32x4.max_s').set(kept.high);
  };
  const walk = (bytes: number, body: () => void) =>
    f.tee(left).when(() => {
      f.loop(() => {
        body();
        f.advance(at, bytes).get(left).integer(bytes).op('i32.sub').tee(left).branchIf(0);
      });
    });
  return (row, rowBytes) => {
    f.get(row).set(at);
    f.get(rowBytes).integer(-VECTOR).op('i32.and');
    walk(VECTOR, () => {
      fold('v128.load');
      // A mask is −1 where it holds.
      f.get(kept.counts).get(keys.isBad).op('i32x4.sub').set(kept.counts);
    });
    f.get(rowBytes)
      .integer(VECTOR - 1)
      .op('i32.and');
    walk(VALUE, () => {
      fold('v128.load32_splat');
      f.get(kept.count).get(keys.isBad).integerLane(0).op('i32.sub').set(kept.count);
    });
  };
}

/** Puts them back, the lanes brought together. */
function end(f: FunctionBody, { low, high, counts, count }: Kept, stats: Local, statBytes: Local): void {
  const at = f.local('i32');
  for (const lane of LANES) {
    f.get(low).get(low).integerLane(lane).op('i32x4.splat', 'i32x4.min_s').set(low);
    f.get(high).get(high).integerLane(lane).op('i32x4.splat', 'i32x4.max_s').set(high);
  }
  f.get(stats).get(low).integerLane(0).access('i32.store');
  f.get(stats).get(statBytes).op('i32.add').tee(at).get(high).integerLane(0).access('i32.store');
  f.get(at).get(statBytes).op('i32.add').tee(at);
  f.get(at).access('i32.load').get(count).op('i32.add');
  for (const lane of LANES) f.get(counts).integerLane(lane).op('i32.add');
  f.op('i32x4.splat');
  splat(f, MAX_COUNT).op('i32x4.min_u').integerLane(0).access('i32.store');
}
