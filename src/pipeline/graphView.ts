import type { Change } from '../graph/change';
import { GraphIndex } from '../graph/graph';
import { inferShapes } from '../graph/inferShapes';
import type { Model } from '../graph/model';
import { shortType } from '../graph/moduleTypes';
import { inputsOf, type Node } from '../graph/node';
import type { OpCall, OpName } from '../graph/op';
import { outputGrids } from '../graph/outputGrids';
import { printGraph, printNode } from '../graph/print';
import { opTitle, resolveNode } from '../graph/resolve';
import { formatShape } from '../graph/shape';
import { nodeDetail } from './nodeDetail';
import type { GraphView, NodeChange, NodeRole, NodeView } from './views';

const ROLES: { readonly [O in OpName]: NodeRole } = {
  placeholder: 'input',
  output: 'output',
  get_attr: 'param',
  linear: 'layer',

  observer: 'observer',
  equalization_observer: 'equalization',
  quantize_per_tensor: 'quantize',
  quantize_per_channel: 'quantize',
  dequantize: 'quantize',
  conv: 'layer',
  conv_transpose: 'layer',
  batch_norm: 'op',
  max_pool: 'op',
  avg_pool: 'op',
  adaptive_avg_pool: 'op',
  adaptive_max_pool: 'op',
  relu: 'op',
  leaky_relu: 'op',
  pow: 'op',
  sqrt: 'op',
  rsqrt: 'op',
  reciprocal: 'op',
  erf: 'op',
  sigmoid: 'op',
  tanh: 'op',
  softmax: 'op',
  log_softmax: 'op',
  unary: 'op',
  binary: 'op',
  where: 'op',
  reduce: 'op',
  arg_reduce: 'op',
  cumsum: 'op',
  one_hot: 'op',
  flatten: 'op',
  reshape: 'op',
  transpose: 'op',
  relu6: 'op',
  prelu: 'op',
  elu: 'op',
  silu: 'op',
  gelu: 'op',
  hardtanh: 'op',
  permute: 'op',
  cat: 'op',
  mean: 'op',
  squeeze: 'op',
  unsqueeze: 'op',
  getitem: 'op',
  tuple: 'op',
  split: 'op',
  expand: 'op',
  repeat: 'op',
  stack: 'op',
  gather: 'op',
  index_select: 'op',
  flip: 'op',
  roll: 'op',
  pad: 'op',
  trilu: 'op',
  pixel_shuffle: 'op',
  pixel_unshuffle: 'op',
  interpolate: 'op',
  einsum: 'op',
  topk: 'op',
  arange: 'op',
  full: 'op',
  size: 'op',
  layer_norm: 'op',
  group_norm: 'op',
  instance_norm: 'op',
  embedding: 'op',
  add: 'op',
  sub: 'op',
  mul: 'op',
  div: 'op',
  matmul: 'op',
  identity: 'op',
  dropout: 'op',
  to: 'op',
};

export const roleOf = (call: OpCall | null): NodeRole => (call ? ROLES[call.op] : 'op');

/** A graph and the rewrites that made it. */
interface Drawn {
  readonly model: Model;
  readonly changes: readonly Change[];
}

/** The graph after a step as the page draws it; every node says what the step did to it. */
export function graphView(snapshot: Drawn, previous: Model | null): GraphView {
  const { model } = snapshot;
  const index = new GraphIndex(model.graph);
  const lookOf = nodeLooks(model, index);
  const changeOf = changesBy(snapshot, previous);
  const nodes = model.graph.nodes.map(
    (node): NodeView => ({
      ...lookOf(node),
      line: printNode(node, index.users(node.name).length),
      change: changeOf(node),
    }),
  );
  const edges = model.graph.nodes.flatMap((node) => inputsOf(node).map((from) => ({ from, to: node.name })));
  return { nodes, edges, text: printGraph(model.graph) };
}

/** What a node looks like whoever reads it. */
export type NodeLook = Omit<NodeView, 'line' | 'change'>;

/** What each node of a model looks like. */
export function nodeLooks(model: Model, index: GraphIndex): (node: Node) => NodeLook {
  const shapes = inferShapes(model);
  const grids = outputGrids(model, index);
  return (node) => ({
    ...nodeLook(model, index, node, grids.has(node.name)),
    shape: formatShape(shapes.get(node.name) ?? null),
  });
}

/** What can be said of a node without the graph's shapes: one that stands in no finished graph. */
export function nodeLook(model: Model, index: GraphIndex, node: Node, isQuantized = false): NodeLook {
  const call = resolveNode(model, index, node);
  return {
    name: node.name,
    opcode: node.op,
    role: roleOf(call),
    type: typeOf(model, node),
    detail: nodeDetail(model, node, call, isQuantized),
    shape: '',
  };
}

/** `Linear`, `MinMaxObserver`, `torch.mul`, `placeholder`. */
export function typeOf(model: Model, node: Node): string {
  if (node.op === 'call_module') return shortType(opTitle(model, node));
  return node.op === 'call_function' || node.op === 'call_method' ? shortFunction(node.target) : node.op;
}

const shortFunction = (target: string): string => target.replace(/^torch\.nn\.functional\./, 'F.');

function changesBy(snapshot: Drawn, previous: Model | null): (node: Node) => NodeChange {
  const known = new Set(previous?.graph.nodes.map((node) => node.name));
  const rescaled = new Set(snapshot.changes.flatMap((c) => (c.kind === 'rescale' ? c.nodes : [])));
  return (node) => {
    if (previous && !known.has(node.name)) return 'added';
    return rescaled.has(node.name) ? 'changed' : 'same';
  };
}
