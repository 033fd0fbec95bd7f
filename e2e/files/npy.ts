/** A float32 array as a .npy file of version 1.0 (numpy/lib/format.py). */
export function npyFile(shape: readonly number[], data: Float32Array): Buffer {
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (size !== data.length) throw new Error(`shape [${shape}] holds ${size} values, got ${data.length}`);
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const MAGIC = 10;
  const padding = 64 - ((MAGIC + dict.length + 1) % 64);
  const header = `${dict}${' '.repeat(padding)}\n`;
  const start = Buffer.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    header.length & 255,
    header.length >> 8,
  ]);
  return Buffer.concat([
    start,
    Buffer.from(header),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);
}

/** Uniform values in [0, 1) from a seed (Marsaglia's xorshift32), the same in every run. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}
