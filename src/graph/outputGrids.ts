import { GraphIndex } from './graph';
import type { NodeName } from './ids';
import type { Model } from './model';
import type { OpCall, OpName, OutputGrid } from './op';
import { resolveNode } from './resolve';
import { productGrid, sumGrid } from './scalarGrid';

/** The grid that a node's value lies on in a quantized model. */
export interface ValueGrid extends OutputGrid {
  readonly dtype: string;
  /** False where the value lies on it by itself: a maximum of values on a grid needs no rounding. */
  readonly rounds: boolean;
}

const grid = (scale: number, zeroPoint: number): OutputGrid => ({ scale, zeroPoint });

/**
 * What an op does on quantized data when its call names no grid: `moves` values that stay as they are, `rounds` what
 * it computes to its input's grid, has a grid of its own whatever it reads, or is `float` and reads no such data.
 */
type GridRule = 'moves' | 'rounds' | 'float' | OutputGrid;

/** PyTorch's quantized kernels (aten/src/ATen/native/quantized/cpu): which parameters their outputs have. */
const RULES: { readonly [O in OpName]: GridRule } = {
  relu: 'moves',
  max_pool: 'moves',
  adaptive_max_pool: 'moves',
  flatten: 'moves',
  reshape: 'moves',
  transpose: 'moves',
  permute: 'moves',
  cat: 'moves',
  squeeze: 'moves',
  unsqueeze: 'moves',
  repeat: 'moves',
  stack: 'moves',
  identity: 'moves',
  dropout: 'moves',
  relu6: 'rounds',
  hardtanh: 'rounds',
  avg_pool: 'rounds',
  adaptive_avg_pool: 'rounds',
  mean: 'rounds',
  interpolate: 'rounds',
  // With a number; two tensors are lowered to a call that names its grid.
  add: 'rounds',
  mul: 'rounds',
  sigmoid: grid(1 / 256, 0),
  tanh: grid(2 / 256, 128),
  placeholder: 'float',
  output: 'float',
  get_attr: 'float',
  linear: 'float',
  conv: 'float',
  conv_transpose: 'float',
  batch_norm: 'float',
  leaky_relu: 'float',
  prelu: 'float',
  elu: 'float',
  silu: 'float',
  gelu: 'float',
  pow: 'float',
  sqrt: 'float',
  rsqrt: 'float',
  reciprocal: 'float',
  erf: 'float',
  softmax: 'float',
  log_softmax: 'float',
  unary: 'float',
  binary: 'float',
  where: 'float',
  reduce: 'float',
  arg_reduce: 'float',
  cumsum: 'float',
  one_hot: 'float',
  getitem: 'float',
  tuple: 'float',
  split: 'float',
  expand: 'float',
  gather: 'float',
  index_select: 'float',
  flip: 'float',
  roll: 'float',
  pad: 'float',
  trilu: 'float',
  pixel_shuffle: 'float',
  pixel_unshuffle: 'float',
  einsum: 'float',
  topk: 'float',
  arange: 'float',
  full: 'float',
  size: 'float',
  layer_norm: 'float',
  group_norm: 'float',
  instance_norm: 'float',
  embedding: 'float',
  sub: 'float',
  div: 'float',
  matmul: 'float',
  to: 'float',
  observer: 'float',
  equalization_observer: 'float',
  quantize_per_tensor: 'float',
  quantize_per_channel: 'float',
  dequantize: 'float',
};

/** Of the functions element by element, those that have a quantized kernel and name no grid. */
const unaryRule = ({ attrs }: OpCall<'unary'>): GridRule =>
  attrs.fn === 'hardsigmoid' ? grid(1 / 256, 0) : 'float';

/**
 * The grids of all values that lie on one; the others are float. A sum or a product with a number lies on its input's
 * grid, whose observer it shares in the reference form. PyTorch's kernels change the grid instead: so do those of a model
 * with `scalarGrids`.
 */
export function outputGrids(
  model: Model,
  index: GraphIndex = new GraphIndex(model.graph),
): ReadonlyMap<NodeName, ValueGrid> {
  const grids = new Map<NodeName, ValueGrid>();
  for (const node of model.graph.nodes) {
    const call = resolveNode(model, index, node);
    const found = call && gridOf(model, index, call, grids);
    if (found) grids.set(node.name, found);
  }
  return grids;
}

function gridOf(
  model: Model,
  index: GraphIndex,
  call: OpCall,
  grids: ReadonlyMap<NodeName, ValueGrid>,
): ValueGrid | null {
  if (call.quantized) return { ...call.quantized, dtype: 'torch.quint8', rounds: true };
  if (call.op === 'quantize_per_tensor') return quantizeGrid(model, index, call);
  const inputs = call.operands.flatMap((o) => (o.kind === 'node' ? [grids.get(o.node) ?? null] : []));
  const [first, ...others] = inputs;
  const rule = call.op === 'unary' ? unaryRule(call) : RULES[call.op];
  if (!first || rule === 'float' || others.includes(null)) return null;
  const scalar = call.operands.find((operand) => operand.kind === 'number');
  if (scalar?.kind === 'number' && model.scalarGrids === 'pytorch') {
    if (call.op === 'mul') return { ...first, ...productGrid(first, scalar.value), rounds: false };
    if (call.op === 'add') return { ...first, ...sumGrid(first, scalar.value), rounds: true };
  }
  if (typeof rule === 'object') return { ...rule, dtype: first.dtype, rounds: true };
  // Kernels of several inputs take the first one's parameters.
  return { ...first, rounds: rule === 'rounds' || !others.every((other) => other && sameGrid(first, other)) };
}

const sameGrid = (a: ValueGrid, b: ValueGrid): boolean =>
  a.scale === b.scale && a.zeroPoint === b.zeroPoint && a.dtype === b.dtype;

function quantizeGrid(
  model: Model,
  index: GraphIndex,
  { operands, attrs }: OpCall<'quantize_per_tensor'>,
): ValueGrid | null {
  const [scale, zeroPoint] = operands.slice(1).map((operand) => {
    if (operand.kind === 'number') return operand.value;
    const source = index.find(operand.node);
    return source?.op === 'get_attr' ? model.params[source.target]?.data[0] : undefined;
  });
  if (scale === undefined || zeroPoint === undefined) return null;
  return { scale, zeroPoint, dtype: attrs.dtype, rounds: false };
}
