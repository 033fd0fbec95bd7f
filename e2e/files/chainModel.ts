import { fxFile, fxNode } from './fxFile';

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
  const graph = {
    nodes: [
      fxNode('x', 'placeholder', 'x'),
      ...names.map((name, i) => fxNode(name, 'call_module', paths[i] ?? '', names[i - 1] ?? 'x')),
      fxNode('output', 'output', 'output', names.at(-1) ?? 'x'),
    ],
    modules: Object.fromEntries(
      paths.map((path, i) => [
        path,
        { type: 'torch.nn.Linear', attrs: { in_features: widths[i], out_features: WIDTH, bias: false } },
      ]),
    ),
  };
  const weights = paths.map((path, i) => {
    const width = widths[i] ?? WIDTH;
    return [`${path}.weight`, { shape: [WIDTH, width], data: weightOf(i, width) }];
  });
  return fxFile(graph, Object.fromEntries(weights));
}

/** `encoder.layers.0007.fc` and so on. */
export const chainPaths = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `encoder.layers.${String(i).padStart(4, '0')}.fc`);

/** Samples for a chain that reads so many columns. */
export const chainSamples = (rows: number, columns = WIDTH) => ({
  shape: [rows, columns] as const,
  data: randomValues(rows * columns, 99),
});
