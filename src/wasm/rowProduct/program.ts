import { FunctionBody, type Local, type MemoryKind, moduleOf } from '../assembler';

/*
 * y = x Wᵀ + b, with x [m, k] and W [out, k] both by rows, as a Linear has its weight: each element of y is the product of
 * two rows that lie in memory one number behind the other. So nothing is transposed or packed, which for a few dozen
 * rows of x costs as much as the product.
 *
 * A tile of 2 rows of x and 6 rows of W holds 12 sums of four lanes each in registers, 2 vectors of x and one of W: all of the
 * 15 registers that V8 has for it on x86, and 8 loads for 12 products. Without multiply-add the product needs one more, so
 * there it is 4 rows of W. What is left over goes by smaller tiles.
 */

/** Rows of x that a tile multiplies, and rows of W, from the largest down. */
const TILE_ROWS = [2, 1] as const;
const TILE_OUTPUTS = { fused: [6, 4, 1], plain: [4, 1] } as const;

/** Vectors of each row that one turn of the innermost loop takes. */
const VECTORS_A_TURN = 2;

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

/** With relaxed SIMD's multiply-add, which rounds once where the machine can, or with SIMD as every browser has it. */
export type ProgramKind = keyof typeof TILE_OUTPUTS;

export function rowProductModule(memory: MemoryKind, kind: ProgramKind): Uint8Array<ArrayBuffer> {
  const tiles = TILE_ROWS.flatMap((rows) => TILE_OUTPUTS[kind].map((outputs) => tile(rows, outputs, kind)));
  return moduleOf([...tiles, walk(TILE_OUTPUTS[kind])], ROW_PRODUCT, memory);
}

/** (x, W, bias, y, bytes of a row, bytes of a row of y, relu): the tile's sums, all of them along k. */
function tile(rows: number, outputs: number, kind: ProgramKind): FunctionBody {
  const f = new FunctionBody(7);
  const [x, weight, bias, y, rowBytes, outputBytes, relu] = f.parameters() as Seven;
  const xs = pointers(f, x, rows, rowBytes);
  const weights = pointers(f, weight, outputs, rowBytes);
  const sums = xs.map(() => weights.map(() => f.local('f32')));
  sumVectors(f, xs, weights, sums, rowBytes, kind);
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
  kind: ProgramKind,
): void {
  const lanes = sums.map((row) => row.map(() => f.local('v128')));
  const values = xs.map(() => f.local('v128'));
  const weight = f.local('v128');
  const addProducts = (offset: number) => {
    xs.forEach((row, i) => {
      f.get(row).access('v128.load', offset).set(at(values, i));
    });
    weights.forEach((row, j) => {
      f.get(row).access('v128.load', offset).set(weight);
      lanes.forEach((of, i) => {
        const sum = at(of, j);
        if (kind === 'fused') f.get(at(values, i)).get(weight).get(sum).op('f32x4.relaxed_madd');
        else f.get(sum).get(at(values, i)).get(weight).op('f32x4.mul', 'f32x4.add');
        f.set(sum);
      });
    });
  };
  const turn = VECTOR * VECTORS_A_TURN;
  f.get(rowBytes).integer(-turn).op('i32.and');
  turns(f, [...xs, ...weights], turn, () => {
    for (let offset = 0; offset < turn; offset += VECTOR) addProducts(offset);
  });
  f.get(rowBytes)
    .integer(turn - VECTOR)
    .op('i32.and');
  turns(f, [...xs, ...weights], VECTOR, () => addProducts(0));
  lanes.forEach((row, i) => {
    row.forEach((vector, j) => {
      for (const lane of [0, 1, 2, 3]) f.get(vector).lane(lane);
      f.op('f32.add', 'f32.add', 'f32.add').set(at(at(sums, i), j));
    });
  });
}

/** As many turns as the bytes on the stack hold, each of so many bytes, by which all rows move on. */
function turns(f: FunctionBody, rows: readonly Local[], bytes: number, body: () => void): void {
  const left = f.local('i32');
  f.tee(left).when(() => {
    f.loop(() => {
      body();
      for (const row of rows) f.advance(row, bytes);
      f.get(left).integer(bytes).op('i32.sub').tee(left).branchIf(0);
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
  f.get(rowBytes)
    .integer(VECTOR - 1)
    .op('i32.and');
  turns(f, [...weights, ...xs], FLOAT, () => {
    sums.forEach((row, i) => {
      row.forEach((sum, j) => {
        f.get(sum).get(at(xs, i)).access('f32.load').get(at(weights, j)).access('f32.load');
        f.op('f32.mul', 'f32.add').set(sum);
      });
    });
  });
}

/** Walks over the rows of x and the outputs in tiles, of which the module's functions are one each; see `RowProductFunction`. */
function walk(widths: readonly number[]): FunctionBody {
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
  const callTile = (height: number, width: number) => {
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
    f.call(height * widths.length + width);
  };
  f.get(k).integer(2).op('i32.shl').set(rowBytes);
  f.get(count).integer(2).op('i32.shl').set(outputBytes);
  TILE_ROWS.forEach((rows, height) => {
    stepwise(f, row, m, rows, () => {
      f.get(from).set(output);
      widths.forEach((outputs, width) => {
        stepwise(f, output, until, outputs, () => callTile(height, width));
      });
    });
  });
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
