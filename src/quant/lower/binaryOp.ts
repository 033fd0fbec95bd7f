import { GraphError } from '../../graph/errors';
import type { Node } from '../../graph/node';
import type { LowerGraph } from './lowerGraph';
import { isDequantize, type StaticPattern, staticPattern } from './staticPattern';

/** `QBIN_OP_MAPPING`; but for matmul each has a form with a ReLU too. */
const BINARY_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['operator.add', 'add'],
  ['torch.add', 'add'],
  ['operator.mul', 'mul'],
  ['torch.mul', 'mul'],
  ['torch.matmul', 'matmul'],
]);

/**
 * Sums and products of quantized tensors become quantized functions (`_lower_quantized_binary_op`):
 *
 *     dequantize(a), dequantize(b) → add (→ ReLU) → quantize_per_tensor(…, scale, zero_point) → y
 *     becomes
 *     quantized.add(a, b, scale, zero_point) → y
 *
 * With a number for b it names no grid: `graph/outputGrids` says where the result lies.
 */
export function lowerBinaryOps(graph: LowerGraph): void {
  for (const node of graph.rewriter.graph.nodes) {
    const pattern = staticPattern(graph, node, isBinary, [0, 1]);
    if (pattern) lowerBinary(graph, pattern);
  }
}

const isBinary = (node: Node): boolean => node.op === 'call_function' && BINARY_FUNCTIONS.has(node.target);

function lowerBinary(graph: LowerGraph, { quantize, relu, op }: StaticPattern): void {
  const name = BINARY_FUNCTIONS.get(op.target) ?? op.target;
  if (relu && name === 'matmul')
    throw new GraphError(
      `PyTorch 1.13.1 cannot lower '${op.name}' with '${relu.name}': it has no quantized matmul with a ReLU (KeyError). Use the reference form.`,
      op.name,
    );
  const sources = op.args.map((arg) => graph.nodeOf(arg));
  const operands = op.args.map((arg, i) => {
    const source = sources[i] ?? null;
    return isDequantize(source) ? (source.args[0] ?? null) : arg;
  });
  const grid = sources.filter(isDequantize).length === 2 ? quantize.args.slice(1, 3) : [];
  const target = `torch.ops.quantized.${name}${relu ? '_relu' : ''}`;
  graph.replaceQuantize(quantize, { target, args: [...operands, ...grid], kwargs: {} }, op);
  if (relu) graph.removeUnread(relu);
  graph.removeUnread(op);
}
