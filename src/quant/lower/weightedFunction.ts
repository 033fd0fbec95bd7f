import { GraphIndex } from '../../graph/graph';
import { type ModuleName, paramName } from '../../graph/ids';
import { type CallFunction, type Node, ref } from '../../graph/node';
import { resolveNode } from '../../graph/resolve';
import type { RowLayerCall } from '../layerAxes';
import type { LowerGraph } from './lowerGraph';
import { checkPrepack, packWeight } from './packedWeight';
import { isDequantize, type StaticPattern, staticPattern } from './staticPattern';

/** Functional layers and their quantized functions (`STATIC_LOWER_FUNCTIONAL_MAP`). */
const LAYER_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['torch.nn.functional.linear', 'linear'],
  ...['conv1d', 'conv2d', 'conv3d'].flatMap((name) => [
    [`torch.${name}`, name] as const,
    [`torch.nn.functional.${name}`, name] as const,
  ]),
]);

/**
 * Functional layers become quantized functions that read a packed weight (`_lower_static_weighted_ref_functional`,
 * `fold_weight`):
 *
 *     w → quantize → dequantize ┐
 *     quantize → dequantize → F.linear (→ ReLU) → quantize_per_tensor(…, scale, zero_point) → y
 *     becomes
 *     quantize → quantized.linear(_packed_weight_0, scale, zero_point) → y
 */
export function lowerWeightedFunctions(graph: LowerGraph): void {
  const index = new GraphIndex(graph.reference.graph);
  for (const node of graph.rewriter.graph.nodes) {
    const pattern = staticPattern(graph, node, isLayerFunction, [0, 1]);
    if (pattern?.op.op === 'call_function') lowerFunction(graph, index, pattern, pattern.op);
  }
}

const isLayerFunction = (node: Node): boolean =>
  node.op === 'call_function' && LAYER_FUNCTIONS.has(node.target);

function lowerFunction(
  graph: LowerGraph,
  index: GraphIndex,
  { quantize, relu, op }: StaticPattern,
  node: CallFunction,
): void {
  const call = resolveNode(graph.reference, index, index.get(op.name));
  const dequantize = graph.nodeOf(node.args[0]);
  if ((call?.op !== 'linear' && call?.op !== 'conv') || !isDequantize(dequantize)) return;
  checkPrepack(node, call);
  const packed = packWeight(graph, node, call);
  if (packed === null) return;
  const [, scale = null, zeroPoint = null] = quantize.args;
  const [input = null] = dequantize.args;
  const packedNode = insertPacked(graph, packed, call, graph.nodeOf(scale) ?? quantize);
  const target = `torch.ops.quantized.${LAYER_FUNCTIONS.get(node.target)}${relu ? '_relu' : ''}`;
  const args = [input, ref(packedNode.name), scale, zeroPoint];
  graph.replaceQuantize(quantize, { target, args, kwargs: node.kwargs }, op);
  if (relu) graph.removeUnread(relu);
  graph.removeUnread(op);
}

function insertPacked(graph: LowerGraph, packed: ModuleName, call: RowLayerCall, before: Node): Node {
  const node: Node = {
    name: graph.rewriter.freeName(packed),
    op: 'get_attr',
    target: paramName(packed),
    args: [],
    kwargs: {},
  };
  graph.rewriter.insertBefore(before.name, node, `${packed} holds ${call.attrs.weight} on the int8 grid.`);
  return node;
}
