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
function weightOf(seed: number): Float32Array {
  return randomValues(WIDTH * WIDTH, seed).map((value, i) => (value * 1.2) / (1 << (i % WIDTH)));
}

/** An FX model file of a chain of `Linear(4, 4)` modules of these paths. */
export function chainModel(paths: readonly string[]): Buffer {
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
      paths.map((path) => [
        path,
        { type: 'torch.nn.Linear', attrs: { in_features: WIDTH, out_features: WIDTH, bias: false } },
      ]),
    ),
  };
  const bytes = 4 * WIDTH * WIDTH;
  const entries = paths.map((path, i) => [
    `${path}.weight`,
    { dtype: 'F32', shape: [WIDTH, WIDTH], data_offsets: [i * bytes, (i + 1) * bytes] },
  ]);
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: { format: 'pt', fx: JSON.stringify(fx) },
      ...Object.fromEntries(entries),
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...paths.map((_, i) => Buffer.from(weightOf(i).buffer))]);
}

/** `encoder.layers.0007.fc` and so on. */
export const chainPaths = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `encoder.layers.${String(i).padStart(4, '0')}.fc`);

/** Samples for the chain. */
export const chainSamples = (rows: number) => ({
  shape: [rows, WIDTH] as const,
  data: randomValues(rows * WIDTH, 99),
});
