import { programOn } from './programOn';
import { PROGRAM, type ScaleFunction, scaleModule } from './rowPrograms';

/** One factor for each column, or one for each row. */
export interface Scaling {
  readonly by: 'column' | 'row';
  readonly factors: Float32Array;
}

/** A scaling whose factors lie in a memory. */
export interface PlacedScaling {
  readonly by: Scaling['by'];
  readonly address: number;
}

/** The programs that multiply rows in one memory. */
export type RowScalers = Readonly<Record<Scaling['by'], ScaleFunction>>;

const byColumnIn = programOn<ScaleFunction>(PROGRAM, (memory) => scaleModule('column', memory));
const byRowIn = programOn<ScaleFunction>(PROGRAM, (memory) => scaleModule('row', memory));

/** Null where the machine has no SIMD. */
export function rowScalersIn(memory: WebAssembly.Memory): RowScalers | null {
  const [column, row] = [byColumnIn(memory), byRowIn(memory)];
  return column && row && { column, row };
}

/** Numbers that a block may have: with its vectors it fits into the second cache. */
const BLOCK = 2 ** 15;

/** Rows of so many numbers that make a block: at least one. */
export const rowsOfBlock = (rowSize: number): number => Math.max(1, Math.floor(BLOCK / rowSize));

/** Whole rows in a memory; addresses in bytes. */
export interface RowsBlock {
  readonly source: number;
  /** Where the products go; it may be the source. */
  readonly out: number;
  /** Of the first of them, among the rows that the scalings are for. */
  readonly firstRow: number;
  readonly rows: number;
  readonly rowBytes: number;
}

const FLOAT = 4;

/** Multiplies a block by one scaling behind the other: those behind the first find it in the cache. */
export function scaleBlock(
  scalers: RowScalers,
  { source, out, firstRow, rows, rowBytes }: RowsBlock,
  scalings: readonly PlacedScaling[],
): void {
  scalings.forEach(({ by, address }, i) => {
    const factors = by === 'column' ? address : address + firstRow * FLOAT;
    scalers[by](i === 0 ? source : out, out, factors, rows, rowBytes);
  });
}
