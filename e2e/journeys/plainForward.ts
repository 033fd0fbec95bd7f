import type { OnnxGraph, OnnxTensor } from '../files/onnxGraph';

/** A Gemm with transB=1: `weight` is `[outFeatures, inFeatures]`, row by row. */
export interface GemmLayer {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly inFeatures: number;
  readonly outFeatures: number;
}

function tensor(graph: OnnxGraph, name: string | undefined): OnnxTensor {
  const found = graph.initializers.get(name ?? '');
  if (!found) throw new Error(`the graph has no float32 initializer '${name}'`);
  return found;
}

/** The Gemm layers of a plain chain, in order. */
export const gemmLayers = (graph: OnnxGraph): readonly GemmLayer[] =>
  graph.nodes
    .filter(({ op }) => op === 'Gemm')
    .map(({ inputs, attributes }) => {
      if (attributes.get('transB') !== 1) throw new Error('expected Gemm with transB=1');
      const weight = tensor(graph, inputs[1]);
      const [outFeatures = 0, inFeatures = 0] = weight.dims;
      return { weight: weight.data, bias: tensor(graph, inputs[2]).data, inFeatures, outFeatures };
    });

/** ReLU(x Wᵀ + b), each row a sample; products summed in float64. */
function forward(layer: GemmLayer, x: Float32Array, rows: number): Float32Array {
  const { weight, bias, inFeatures, outFeatures } = layer;
  return Float32Array.from({ length: rows * outFeatures }, (_, at) => {
    const row = Math.floor(at / outFeatures) * inFeatures;
    const out = at % outFeatures;
    let sum = bias[out] ?? 0;
    for (let i = 0; i < inFeatures; i++) sum += (x[row + i] ?? 0) * (weight[out * inFeatures + i] ?? 0);
    return Math.max(0, sum);
  });
}

/** What each layer reads: the first the samples themselves, every other one the ReLU of the layer before. */
export function layerInputs(
  layers: readonly GemmLayer[],
  samples: Float32Array,
  rows: number,
): readonly Float32Array[] {
  const inputs = [samples];
  for (const layer of layers.slice(0, -1)) inputs.push(forward(layer, inputs.at(-1) ?? samples, rows));
  return inputs;
}

/** Maximum minus minimum of a column of a `[rows, columns]` matrix. */
function columnRange(matrix: Float32Array, rows: number, columns: number, column: number): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rows; row++) {
    const value = matrix[row * columns + column] ?? Number.NaN;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low;
}

/** sqrt(weight range / input range) of each input column; 1 where either range is zero. */
export function linearScale(layer: GemmLayer, input: Float32Array, rows: number): readonly number[] {
  const { weight, inFeatures, outFeatures } = layer;
  return Array.from({ length: inFeatures }, (_, column) => {
    const weights = columnRange(weight, outFeatures, inFeatures, column);
    const inputs = columnRange(input, rows, inFeatures, column);
    return weights > 0 && inputs > 0 ? Math.sqrt(weights / inputs) : 1;
  });
}
