import { FunctionBody, type Local, type MemoryKind, moduleOf } from '../assembler';

/*
 * y = x Wᵀ + b, with x [m, k] and W [out, k] both by rows, as a Linear has its weight: each element of y is the product of
 * two rows that lie in memory one number behind the other. So nothing is transposed or packed, which for a few dozen
 * rows of x costs as much as the product.
 *
 * A tile of 2 rows of x and 4 rows of W holds 8 sums of four lanes each in registers: 6 loads for 8 products, and room for
 * all of it in 16 registers.
 */

/** Rows of x and rows of W that a tile multiplies. */
const TILES = [
  [2, 4],
  [2, 1],
  [1, 4],
  [1, 1],
] as const;
const TILE_ROWS = 2;
const TILE_OUTPUTS = 4;

type Seven = readonly [Local, Local, Local, Local, Local, Local, Local];

const FLOAT = 4;
const VECTOR = 16;

/** The exported function's name. */
export const ROW_PRODUCT = 'rowProduct';

/**
 * Addresses of x, W, the bias (0: none) and y; m, k and the number of outputs that a row of y has; the outputs `[from, until)`
 * to compute; whether negative values become 0 (NaN stays).
 */
export type RowProductFunction = (
  x: number,
  weight: number,
  bias: number,
  y: number,
  m: number,
  k: number,
  outputs: number,
  from: number,
  until: number,
  relu: number,
) => void;

/** `isFused`: with relaxed SIMD's multiply-add, which rounds once where the machine can. */
export const rowProductModule = (memory: MemoryKind, isFused: boolean): Uint8Array<ArrayBuffer> =>
  moduleOf([...TILES.map(([rows, outputs]) => tile(rows, outputs, isFused)), outputs()], ROW_PRODUCT, memory);

/** (x, W, bias, y, bytes of a row, bytes of a row of y, relu): the tile's sums, all of them along k. */
function tile(rows: number, outputs: number, isFused: boolean): FunctionBody {
  const f = new FunctionBody(7);
  const [x, weight, bias, y, rowBytes, outputBytes, relu] = f.parameters() as Seven;
  const xs = pointers(f, x, rows, rowBytes);
  const weights = pointers(f, weight, outputs, rowBytes);
  const sums = xs.map(() => weights.map(() => f.local('f32')));
  sumVectors(f, xs, weights, sums, rowBytes, isFused);
  sumRest(f, xs, weights, sums, rowBytes);
  for (const [i, row] of sums.entries()) {
    if (i > 0) f.get(y).get(outputBytes).op('i32.add').set(y);
    for (const [j, sum] of row.entries()) {
      f.get(bias).when(() => {
        f.get(sum)
          .get(bias)
          .access('f32.load', FLOAT * j)
          .op('f32.add')
          .set(sum);
      });
      f.get(relu).when(() => {
        f.get(sum).float(0).op('f32.max').set(sum);
      });
      f.get(y)
        .get(sum)
        .access('f32.store', FLOAT * j);
    }
  }
  return f;
}

/** The addresses of rows that lie one behind the other. */
function pointers(f: FunctionBody, first: Local, count: number, rowBytes: Local): readonly Local[] {
  const rows = Array.from({ length: count }, () => f.local('i32'));
  rows.forEach((row, i) => {
    const before = rows[i - 1];
    if (before === undefined) f.get(first).set(row);
    else f.get(before).get(rowBytes).op('i32.add').set(row);
  });
  return rows;
}

/** Four numbers of each row at a time, then the lanes are added up. */
function sumVectors(
  f: FunctionBody,
  xs: readonly Local[],
  weights: readonly Local[],
  sums: readonly (readonly Local[])[],
  rowBytes: Local,
  isFused: boolean,
): void {
  const lanes = sums.map((row) => row.map(() => f.local('v128')));
  const loaded = weights.map(() => f.local('v128'));
  const value = f.local('v128');
  const left = f.local('i32');
  f.get(rowBytes).integer(-VECTOR).op('i32.and').tee(left);
  f.when(() => {
    f.loop(() => {
      weights.forEach((row, j) => {
        f.get(row).access('v128.load').set(at(loaded, j));
      });
      xs.forEach((row, i) => {
        f.get(row).access('v128.load').set(value);
        at(lanes, i).forEach((sum, j) => {
          if (isFused) f.get(value).get(at(loaded, j)).get(sum).op('f32x4.relaxed_madd');
          else f.get(sum).get(value).get(at(loaded, j)).op('f32x4.mul', 'f32x4.add');
          f.set(sum);
        });
      });
      for (const row of [...weights, ...xs]) f.advance(row, VECTOR);
      f.get(left).integer(VECTOR).op('i32.sub').tee(left).branchIf(0);
    });
  });
  lanes.forEach((row, i) => {
    row.forEach((vector, j) => {
      for (const lane of [0, 1, 2, 3]) f.get(vector).lane(lane);
      f.op('f32.add', 'f32.add', 'f32.add').set(at(at(sums, i), j));
    });
  });
}

/** Up to three numbers of each row that fill no vector. */
function sumRest(
  f: FunctionBody,
  xs: readonly Local[],
  weights: readonly Local[],
  sums: readonly (readonly Local[])[],
  rowBytes: Local,
): void {
  const left = f.local('i32');
  f.get(rowBytes)
    .integer(VECTOR - 1)
    .op('i32.and')
    .tee(left);
  f.when(() => {
    f.loop(() => {
      sums.forEach((row, i) => {
        row.forEach((sum, j) => {
          f.get(sum).get(at(xs, i)).access('f32.load').get(at(weights, j)).access('f32.load');
          f.op('f32.mul', 'f32.add').set(sum);
        });
      });
      for (const row of [...weights, ...xs]) f.advance(row, FLOAT);
      f.get(left).integer(FLOAT).op('i32.sub').tee(left).branchIf(0);
    });
  });
}

/** Walks over the rows of x and the outputs in tiles; see `RowProductFunction`. */
function outputs(): FunctionBody {
  const f = new FunctionBody(10);
  const [x, weight, bias, y, m, k, count, from, until, relu] = f.parameters() as readonly [
    ...Seven,
    Local,
    Local,
    Local,
  ];
  const integer = () => f.local('i32');
  const [rowBytes, outputBytes, row, output, biasAt] = [
    integer(),
    integer(),
    integer(),
    integer(),
    integer(),
  ];
  const callTile = (rows: number, outputs: number) => {
    f.get(x).get(row).get(rowBytes).op('i32.mul', 'i32.add');
    f.get(weight).get(output).get(rowBytes).op('i32.mul', 'i32.add');
    f.get(bias).when(() => {
      f.get(bias).get(output).integer(2).op('i32.shl', 'i32.add').set(biasAt);
    });
    f.get(biasAt);
    f.get(y)
      .get(row)
      .get(outputBytes)
      .op('i32.mul', 'i32.add')
      .get(output)
      .integer(2)
      .op('i32.shl', 'i32.add');
    f.get(rowBytes).get(outputBytes).get(relu);
    f.call(TILES.findIndex(([r, o]) => r === rows && o === outputs));
  };
  const walkOutputs = (rows: number) => {
    f.get(from).set(output);
    stepwise(f, output, until, TILE_OUTPUTS, () => callTile(rows, TILE_OUTPUTS));
    stepwise(f, output, until, 1, () => callTile(rows, 1));
  };
  f.get(k).integer(2).op('i32.shl').set(rowBytes);
  f.get(count).integer(2).op('i32.shl').set(outputBytes);
  stepwise(f, row, m, TILE_ROWS, () => walkOutputs(TILE_ROWS));
  stepwise(f, row, m, 1, () => walkOutputs(1));
  return f;
}

/** While `step` more fit before `end`: the body, and on by `step`. */
function stepwise(f: FunctionBody, local: Local, end: Local, step: number, body: () => void): void {
  const fits = () => f.get(local).integer(step).op('i32.add').get(end).op('i32.le_u');
  fits().when(() => {
    f.loop(() => {
      body();
      f.advance(local, step);
      fits().branchIf(0);
    });
  });
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`internal: a program reads item ${index} of ${items.length}.`);
  return item;
}
