import { GraphError } from '../../graph/errors';
import type { CallFunction, Node } from '../../graph/node';
import type { LowerGraph } from './lowerGraph';

/** `dequantize → op (→ ReLU) → quantize_per_tensor`: what a quantized kernel does in one. */
export interface StaticPattern {
  readonly quantize: CallFunction;
  readonly relu: Node | null;
  readonly op: Node;
}

const QUANTIZE = 'torch.quantize_per_tensor';
const RELU_FUNCTIONS: ReadonlySet<string> = new Set(['torch.nn.functional.relu', 'torch.relu']);

export const isQuantize = (node: Node): node is CallFunction =>
  node.op === 'call_function' && node.target === QUANTIZE;
export const isDequantize = (node: Node | null): node is Node & { readonly op: 'call_method' } =>
  node?.op === 'call_method' && node.target === 'dequantize';

/**
 * The pattern that ends in a quantize node (_lower_to_native_backend.py, `_match_static_pattern`): the op is wanted and
 * has a qconfig, and its arguments in these places are dequantized, one at least; the others are no tensors. Throws a
 * GraphError where PyTorch's assertion fails, for an argument that is passed by keyword.
 */
export function staticPattern(
  graph: LowerGraph,
  quantize: Node,
  isWanted: (op: Node) => boolean,
  places: readonly number[],
): StaticPattern | null {
  if (!isQuantize(quantize)) return null;
  const value = graph.nodeOf(quantize.args[0]);
  const relu = value && isRelu(graph, value) ? value : null;
  const op = relu ? graph.nodeOf(relu.args[0] ?? relu.kwargs.input) : value;
  if (!op || graph.reference.keptFloat.has(op.name) || !isWanted(op)) return null;
  let dequantized = 0;
  for (const place of places) {
    if (place >= op.args.length) throw missingArgument(op, place);
    const source = graph.nodeOf(op.args[place]);
    if (isDequantize(source)) dequantized++;
    else if (source) return null;
  }
  return dequantized > 0 ? { quantize, relu, op } : null;
}

const isRelu = (graph: LowerGraph, node: Node): boolean =>
  (node.op === 'call_function' && RELU_FUNCTIONS.has(node.target)) || graph.typeOf(node) === 'torch.nn.ReLU';

const missingArgument = (op: Node, place: number): GraphError =>
  new GraphError(
    `PyTorch 1.13.1 cannot lower '${op.name}': it looks for argument ${place + 1} of ${op.target} by position and finds ${op.args.length} (AssertionError: Dequantize index ${place} exceeded reference node's arg length ${op.args.length}). Pass it by position instead of by keyword, or use the reference form.`,
    op.name,
  );
