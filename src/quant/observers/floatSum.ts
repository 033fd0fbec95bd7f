/** Lanes of the vectors that PyTorch adds: AVX2's, 8 float32. Fewer values are added one by one. */
const VECTOR = 8;
/** Vectors that are added side by side. */
const STREAMS = 4;
const LEVELS = 4;

/**
 * The sum of float32 values, rounded after every addition in the order of `torch.sum` on one AVX2 core
 * (aten/src/ATen/native/cpu/SumKernel.cpp, `cascade_sum`): the same bits, on which a search's comparisons depend.
 */
export function floatSum(values: Float32Array): number {
  const { fround } = Math;
  const lanes = values.length >= VECTOR ? VECTOR : 1;
  const vectors = Math.floor(values.length / lanes);
  const rows = Math.floor(vectors / STREAMS);
  const streams = sumRows(values, rows, STREAMS * lanes);
  const first = streams.subarray(0, lanes);
  const addVector = (from: Float32Array, offset: number) => {
    for (let lane = 0; lane < lanes; lane++) first[lane] = (first[lane] ?? 0) + (from[offset + lane] ?? 0);
  };
  for (let vector = rows * STREAMS; vector < vectors; vector++) addVector(values, vector * lanes);
  for (let stream = 1; stream < STREAMS; stream++) addVector(streams, stream * lanes);
  let sum = 0;
  for (let i = vectors * lanes; i < values.length; i++) sum = fround(sum + (values[i] ?? 0));
  for (const value of first) sum = fround(sum + value);
  return sum;
}

/** Column sums of rows of `width` values, with partial sums on 4 levels so that rounding errors stay small. */
function sumRows(values: Float32Array, rows: number, width: number): Float32Array {
  const power = Math.max(4, Math.floor(Math.ceil(Math.log2(Math.max(rows, 1))) / LEVELS));
  const step = 2 ** power;
  const levels = Array.from({ length: LEVELS }, () => new Float32Array(width));
  const [bottom = new Float32Array(width)] = levels;
  const addRow = (row: number) => {
    for (let i = 0; i < width; i++) bottom[i] = (bottom[i] ?? 0) + (values[row * width + i] ?? 0);
  };
  let row = 0;
  while (row + step <= rows) {
    for (const end = row + step; row < end; row++) addRow(row);
    for (let level = 1; level < LEVELS; level++) {
      carry(levels[level - 1], levels[level]);
      if ((row & ((step - 1) << (level * power))) !== 0) break;
    }
  }
  for (; row < rows; row++) addRow(row);
  for (const level of levels.slice(1)) carry(level, bottom);
  return bottom;
}

/** Adds `from` to `to` and empties it. */
function carry(from: Float32Array | undefined, to: Float32Array | undefined): void {
  if (!from || !to) return;
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + (from[i] ?? 0);
  from.fill(0);
}
