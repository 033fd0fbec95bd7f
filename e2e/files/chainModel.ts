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
function weightOf(seed: number): Float32Array {
  return randomValues(WIDTH * WIDTH, seed).map((value, i) => (value * 1.2) / (1 << (i % WIDTH)));
}

/** An FX model file of a chain of `Linear(4, 4)` modules of these paths. */
export function chainModel(paths: readonly string[]): Buffer {
  const names = paths.map((path) => path.replaceAll('.', '_'));
  const graph = {
    nodes: [
      fxNode('x', 'placeholder', 'x'),
      ...names.map((name, i) => fxNode(name, 'call_module', paths[i] ?? '', names[i - 1] ?? 'x')),
      fxNode('output', 'output', 'output', names.at(-1) ?? 'x'),
    ],
    modules: Object.fromEntries(
      paths.map((path) => [
        path,
        { type: 'torch.nn.Linear', attrs: { in_features: WIDTH, out_features: WIDTH, bias: false } },
      ]),
    ),
  };
  const weights = paths.map((path, i) => [`${path}.weight`, { shape: [WIDTH, WIDTH], data: weightOf(i) }]);
  return fxFile(graph, Object.fromEntries(weights));
}

/** `encoder.layers.0007.fc` and so on. */
export const chainPaths = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `encoder.layers.${String(i).padStart(4, '0')}.fc`);

/** Samples for the chain. */
export const chainSamples = (rows: number) => ({
  shape: [rows, WIDTH] as const,
  data: randomValues(rows * WIDTH, 99),
});
