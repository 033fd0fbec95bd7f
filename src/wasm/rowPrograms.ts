import { FunctionBody, type Local, type MemoryKind, moduleOf } from './assembler';

const VECTOR = 16;
/** What each module exports. */
export const PROGRAM = 'run';

/**
 * (values, low, high, NaN, rows, bytes of a row): the rows' least and greatest numbers of each column, as `<` and `>` find
 * them. Where there is a NaN, some bit is set in the vector at the address `NaN`.
 */
export function rangeModule(): Uint8Array<ArrayBuffer> {
  const f = new FunctionBody(6);
  const [values, low, high, nan, rows, rowBytes] = f.parameters() as readonly [
    ...[Local, Local, Local],
    ...[Local, Local, Local],
  ];
  const [lows, highs] = [f.local('i32'), f.local('i32')];
  const [value, unordered] = [f.local('v128'), f.local('v128')];
  overRows(
    f,
    { rows, rowBytes },
    () => f.get(low).set(lows).get(high).set(highs),
    () => {
      f.get(values).access('v128.load').tee(value);
      f.get(value).op('f32x4.ne').get(unordered).op('v128.or').set(unordered);
      // `pmin(a, b)` is b where b < a, else a: NaN is never less.
      for (const [found, pick] of [
        [lows, 'f32x4.pmin'],
        [highs, 'f32x4.pmax'],
      ] as const)
        f.get(found).get(found).access('v128.load').get(value).op(pick).access('v128.store');
      for (const at of [values, lows, highs]) f.advance(at, VECTOR);
    },
  );
  f.get(nan).get(nan).access('v128.load').get(unordered).op('v128.or').access('v128.store');
  return moduleOf([f], PROGRAM, 'unshared');
}

/** Multiplies rows at `source` into those at `out`, which may be the same; addresses in bytes, rows of whole vectors. */
export type ScaleFunction = (
  source: number,
  out: number,
  factors: number,
  rows: number,
  rowBytes: number,
) => void;

/** A ScaleFunction: each column or each row has a factor of its own. */
export function scaleModule(by: 'column' | 'row', memory: MemoryKind): Uint8Array<ArrayBuffer> {
  const f = new FunctionBody(5);
  const [source, out, factors, rows, rowBytes] = f.parameters() as readonly [
    ...[Local, Local, Local],
    ...[Local, Local],
  ];
  const [at, factor] = [f.local('i32'), f.local('v128')];
  const next = () => {
    if (by === 'column') f.get(factors).set(at);
    else
      f.get(factors)
        .access('v128.load32_splat')
        .set(factor)
        .advance(factors, VECTOR / 4);
  };
  overRows(f, { rows, rowBytes }, next, () => {
    f.get(out).get(source).access('v128.load');
    if (by === 'column') f.get(at).access('v128.load').advance(at, VECTOR);
    else f.get(factor);
    f.op('f32x4.mul').access('v128.store').advance(source, VECTOR).advance(out, VECTOR);
  });
  return moduleOf([f], PROGRAM, memory);
}

/** At least one row of at least one vector. */
function overRows(
  f: FunctionBody,
  { rows, rowBytes }: { readonly rows: Local; readonly rowBytes: Local },
  atRow: () => void,
  atVector: () => void,
): void {
  const left = f.local('i32');
  f.loop(() => {
    atRow();
    f.get(rowBytes).set(left);
    f.loop(() => {
      atVector();
      f.get(left).integer(VECTOR).op('i32.sub').tee(left).branchIf(0);
    });
    f.get(rows).integer(1).op('i32.sub').tee(rows).branchIf(0);
  });
}
