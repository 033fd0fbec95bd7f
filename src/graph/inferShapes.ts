import { EQUALIZATION_SCALE } from './equalizationScale';
import { GraphIndex } from './graph';
import type { NodeName } from './ids';
import { catShape, getitemShape, permuteShape, reduceShape, squeezeShape, unsqueezeShape } from './inferAxes';
import {
  arangeShape,
  einsumShape,
  expandShape,
  fullShape,
  indexSelectShape,
  interpolateShape,
  padShape,
  pixelShuffleShape,
  pixelUnshuffleShape,
  repeatShape,
  splitShape,
  stackShape,
  topkShape,
} from './inferMoves';
import { adaptivePoolShape, convShape, convTransposeShape, poolShape } from './inferWindows';
import type { Model } from './model';
import { inputsOf, type Node } from './node';
import type { OpCall, Operand, OpName } from './op';
import { resolveNode } from './resolve';
import { axisOf, broadcastShapes, type Dim, productOf, quotientOf, type Shape, UNKNOWN_DIM } from './shape';
import { evaluateSize, expandExtents, type SizeValue } from './sizes';

/** What a rule may ask for besides the shapes of its operands. */
interface ShapeScope {
  readonly model: Model;
  readonly sizeOf: (node: NodeName) => SizeValue | null;
}
type ShapeRule<O extends OpName> = (inputs: readonly Shape[], call: OpCall<O>, scope: ShapeScope) => Shape;
type UniformRule = (inputs: readonly Shape[]) => Shape;

const same: UniformRule = ([x]) => x ?? null;
const broadcast: UniformRule = ([a, b]) => broadcastShapes(a ?? null, b ?? null);

const linear: ShapeRule<'linear'> = ([x], call) => (x ? [...x.slice(0, -1), call.attrs.outFeatures] : null);

const flatten: ShapeRule<'flatten'> = ([x], { attrs }) => {
  if (!x) return null;
  const start = axisOf(attrs.startDim, x.length);
  const end = axisOf(attrs.endDim, x.length);
  if (start === null || end === null) return null;
  return [...x.slice(0, start), productOf(x.slice(start, end + 1)), ...x.slice(end + 1)];
};

/** `-1` takes what is left of the operand's elements. */
const reshape: ShapeRule<'reshape'> = ([x], { attrs }, { sizeOf }) => {
  const dims = expandExtents(attrs.shape, sizeOf);
  const others = dims?.filter((dim) => dim !== -1) ?? [];
  return dims?.map((dim): Dim => (dim !== -1 ? dim : x ? quotientOf(x, others) : UNKNOWN_DIM)) ?? null;
};

const transpose: ShapeRule<'transpose'> = ([x], { attrs }) => {
  if (!x) return null;
  const a = axisOf(attrs.dim0, x.length);
  const b = axisOf(attrs.dim1, x.length);
  if (a === null || b === null) return null;
  const out = [...x];
  [out[a], out[b]] = [x[b] ?? UNKNOWN_DIM, x[a] ?? UNKNOWN_DIM];
  return out;
};

/** A vector counts as one row on the left and as one column on the right, and that axis goes. */
const matmul: UniformRule = ([a, b]) => {
  if (!a || !b || a.length === 0 || b.length === 0) return null;
  const batch = broadcastShapes(a.slice(0, -2), b.slice(0, -2));
  const rows = a.length > 1 ? [a.at(-2) ?? UNKNOWN_DIM] : [];
  const columns = b.length > 1 ? [b.at(-1) ?? UNKNOWN_DIM] : [];
  return batch && [...batch, ...rows, ...columns];
};

const SHAPES: { readonly [O in OpName]: ShapeRule<O> } = {
  placeholder: () => null,
  output: () => null,
  get_attr: (_, { attrs }, { model }) => model.params[attrs.param]?.shape ?? null,
  linear,
  conv: convShape,
  conv_transpose: convTransposeShape,
  batch_norm: same,
  max_pool: poolShape,
  avg_pool: poolShape,
  adaptive_avg_pool: adaptivePoolShape,
  adaptive_max_pool: adaptivePoolShape,
  relu: same,
  relu6: same,
  leaky_relu: same,
  prelu: same,
  elu: same,
  silu: same,
  gelu: same,
  hardtanh: same,
  pow: same,
  sqrt: same,
  rsqrt: same,
  reciprocal: same,
  erf: same,
  sigmoid: same,
  tanh: same,
  softmax: same,
  log_softmax: same,
  unary: same,
  binary: broadcast,
  where: ([condition, a, b]) => broadcastShapes(condition ?? null, broadcastShapes(a ?? null, b ?? null)),
  reduce: reduceShape,
  arg_reduce: ([x], { attrs: { dim, keepDim } }) =>
    reduceShape([x ?? null], { attrs: { dims: dim === null ? null : [dim], keepDim } }),
  cumsum: same,
  one_hot: ([x], { attrs }) => (x ? [...x, attrs.classes] : null),
  identity: same,
  dropout: same,
  to: same,
  observer: same,
  equalization_observer: same,
  quantize_per_tensor: same,
  quantize_per_channel: same,
  dequantize: same,
  flatten,
  reshape,
  // Numbers, no tensor.
  size: () => null,
  transpose,
  permute: permuteShape,
  tuple: () => null,
  split: splitShape,
  expand: expandShape,
  repeat: repeatShape,
  stack: stackShape,
  gather: ([, index]) => index ?? null,
  index_select: indexSelectShape,
  flip: same,
  roll: same,
  pad: padShape,
  trilu: same,
  pixel_shuffle: pixelShuffleShape,
  pixel_unshuffle: pixelUnshuffleShape,
  interpolate: interpolateShape,
  einsum: einsumShape,
  topk: topkShape,
  arange: arangeShape,
  full: fullShape,
  cat: catShape,
  mean: reduceShape,
  squeeze: squeezeShape,
  unsqueeze: unsqueezeShape,
  getitem: getitemShape,
  layer_norm: same,
  group_norm: same,
  instance_norm: same,
  embedding: ([x], { attrs }) => (x ? [...x, attrs.width] : null),
  add: broadcast,
  sub: broadcast,
  mul: broadcast,
  div: broadcast,
  matmul,
};

/** The typed call into the table: one op's rule for one op's call. */
const applyRule = <O extends OpName>(
  op: O,
  inputs: readonly Shape[],
  call: OpCall<O>,
  scope: ShapeScope,
): Shape => SHAPES[op](inputs, call, scope);

/** Ops that a placeholder's value passes with its last axis unchanged, on its way to the first Linear. */
const KEEPS_LAST_AXIS: ReadonlySet<OpName> = new Set([
  'identity',
  'dropout',
  'relu',
  'observer',
  'equalization_observer',
]);

/** A scale has one factor a column, so that the value keeps its shape; of other constants that is not known. */
const isScaling = (index: GraphIndex, node: Node): boolean =>
  inputsOf(node).some((name) => {
    const source = index.find(name);
    return source?.op === 'get_attr' && EQUALIZATION_SCALE.test(source.target);
  });

/**
 * `[n, in_features]` for a placeholder that a Linear reads, `[n, in_channels, ?, …]` where it is a convolution: a
 * PyTorch file does not state the shapes of its inputs, and this is the only shape that is certain to run. Null
 * where neither reads it directly.
 */
function placeholderShape(model: Model, index: GraphIndex, name: NodeName): Shape {
  const open = [name];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    for (const user of index.users(value)) {
      const call = resolveNode(model, index, user);
      if (call?.op === 'linear') return ['n', call.attrs.inFeatures];
      if (call?.op === 'conv' || call?.op === 'conv_transpose')
        return ['n', call.attrs.inChannels, ...new Array<Dim>(call.attrs.dims).fill(UNKNOWN_DIM)];
      if (call && (KEEPS_LAST_AXIS.has(call.op) || (call.op === 'mul' && isScaling(index, user))))
        open.push(user.name);
    }
  }
  return null;
}

/** Shapes of tensors and values of sizes, by node. */
export interface InferredValues {
  readonly shapes: ReadonlyMap<NodeName, Shape>;
  readonly sizes: ReadonlyMap<NodeName, SizeValue | null>;
}

/** Shapes of all nodes, as far as they can be derived from the inputs and the ops. */
export const inferShapes = (model: Model): ReadonlyMap<NodeName, Shape> => inferValues(model).shapes;

/** The same, and the sizes that the model reads from its tensors. */
export function inferValues(model: Model): InferredValues {
  const index = new GraphIndex(model.graph);
  const shapes = new Map<NodeName, Shape>();
  const sizes = new Map<NodeName, SizeValue | null>();
  // Of a tensor that is read for its shape alone, the shape is the list of sizes.
  const sizeOf = (name: NodeName) =>
    sizes.has(name) ? (sizes.get(name) ?? null) : (shapes.get(name) ?? null);
  const shapeOf = (operand: Operand): Shape =>
    operand.kind === 'node' || operand.kind === 'shape' ? (shapes.get(operand.node) ?? null) : [];
  for (const node of model.graph.nodes) {
    const call = resolveNode(model, index, node);
    const inputs = call?.operands.map(shapeOf) ?? [];
    if (call?.op === 'size') sizes.set(node.name, evaluateSize(call.attrs.rule, inputs[0] ?? null, sizeOf));
    if (node.op === 'placeholder')
      shapes.set(node.name, model.inputShapes[node.name] ?? placeholderShape(model, index, node.name));
    else shapes.set(node.name, call ? applyRule(call.op, inputs, call, { model, sizeOf }) : null);
  }
  return { shapes, sizes };
}
