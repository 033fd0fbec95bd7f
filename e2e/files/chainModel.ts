const WIDTH = 4;

/** Whole numbers from a seed, by a linear congruential generator. */
function* generator(seed: number): Generator<number, never> {
  let state = (Math.imul(seed + 1, 2654435761) >>> 0) + 1;
  while (true) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state;
  }
}

function randomValues(count: number, seed: number): Float32Array {
  const numbers = generator(seed);
  return Float32Array.from({ length: count }, () => numbers.next().value / 2 ** 31 - 1);
}

/** Columns differ in range by up to 8, so that equalization has something to do; rows keep the size of what they read. */
function weightOf(seed: number, columns: number): Float32Array {
  return randomValues(WIDTH * columns, seed).map((value, i) => (value * 1.2) / (1 << (i % WIDTH)));
}

/** An FX model file of a chain of `Linear(4, 4)` modules of these paths; the first one may read more columns. */
export function chainModel(paths: readonly string[], columns = WIDTH): Buffer {
  const widths = paths.map((_, i) => (i === 0 ? columns : WIDTH));
  const names = paths.map((path) => path.replaceAll('.', '_'));
  const node = (name: string, op: string, target: string, input?: string) => ({
    name,
    op,
    target,
    args: input === undefined ? [] : [{ node: input }],
    kwargs: {},
  });
  const fx = {
    version: 1,
    nodes: [
      node('x', 'placeholder', 'x'),
      ...names.map((name, i) => node(name, 'call_module', paths[i] ?? '', names[i - 1] ?? 'x')),
      node('output', 'output', 'output', names.at(-1) ?? 'x'),
    ],
    modules: Object.fromEntries(
      paths.map((path, i) => [
        path,
        { type: 'torch.nn.Linear', attrs: { in_features: widths[i], out_features: WIDTH, bias: false } },
      ]),
    ),
  };
  const weights = widths.map((width, i) => weightOf(i, width));
  let end = 0;
  const entries = paths.map((path, i) => {
    const start = end;
    end += weights[i]?.byteLength ?? 0;
    return [`${path}.weight`, { dtype: 'F32', shape: [WIDTH, widths[i]], data_offsets: [start, end] }];
  });
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: { format: 'pt', fx: JSON.stringify(fx) },
      ...Object.fromEntries(entries),
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...weights.map(({ buffer }) => Buffer.from(buffer))]);
}

/** `encoder.layers.0007.fc` and so on. */
export const chainPaths = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `encoder.layers.${String(i).padStart(4, '0')}.fc`);

/** Samples for a chain that reads so many columns. */
export const chainSamples = (rows: number, columns = WIDTH) => ({
  shape: [rows, columns] as const,
  data: randomValues(rows * columns, 99),
});
