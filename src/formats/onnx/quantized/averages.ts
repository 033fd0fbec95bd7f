import { GraphIndex } from '../../../graph/graph';
import type { NodeName } from '../../../graph/ids';
import type { Model } from '../../../graph/model';
import type { Node } from '../../../graph/node';
import type { OpCall } from '../../../graph/op';
import { resolveNode } from '../../../graph/resolve';

/** An average over values on a grid that goes back to the same grid. */
export interface Average {
  /** The `dequantize` that it reads. */
  readonly input: NodeName;
  /** The `quantize_per_tensor` whose integers those are. */
  readonly quantize: NodeName;
  /** The readers that take it back to that grid. */
  readonly back: ReadonlySet<NodeName>;
  /** Whether others read it, as numbers: the mul of an equalization, a step to another grid. */
  readonly hasOthers: boolean;
}

/**
 * Averages that can be taken of the integers themselves:
 *
 *     dequantize(s) → average → quantize(s)     is     dequantize(1) → average → quantize(1)
 *
 * Sums of integers are exact, so that a half, which an average of an even number often is, goes to the even level in
 * every runtime (the studio's `averageToGrid` rounds alike); with the scale in it, rounding errors would decide. Other
 * readers take the average of the integers times the scale.
 */
export function findAverages(model: Model): ReadonlyMap<NodeName, Average> {
  const index = new GraphIndex(model.graph);
  const found = new Map<NodeName, Average>();
  for (const node of model.graph.nodes) {
    const average = averageOf(model, index, node);
    if (average) found.set(node.name, average);
  }
  return found;
}

function averageOf(model: Model, index: GraphIndex, node: Node): Average | null {
  const call = resolveNode(model, index, node);
  if (call?.op !== 'mean' && call?.op !== 'avg_pool' && call?.op !== 'adaptive_avg_pool') return null;
  const [input] = call.operands;
  const dequantize = input?.kind === 'node' ? callOf(model, index, index.find(input.node)) : null;
  if (input?.kind !== 'node' || dequantize?.op !== 'dequantize') return null;
  const [integers] = dequantize.operands;
  if (integers?.kind !== 'node') return null;
  const grid = gridKey(model, index, index.find(integers.node));
  const users = index.users(node.name);
  const back = users.filter((user) => gridKey(model, index, user) === grid);
  if (grid === null || back.length === 0) return null;
  return {
    input: input.node,
    quantize: integers.node,
    back: new Set(back.map(({ name }) => name)),
    hasOthers: back.length < users.length,
  };
}

const callOf = (model: Model, index: GraphIndex, node: Node | undefined): OpCall | null =>
  node ? resolveNode(model, index, node) : null;

/** What tells grids apart; null for a node that is no step to a constant one. */
function gridKey(model: Model, index: GraphIndex, node: Node | undefined): string | null {
  const call = callOf(model, index, node);
  if (call?.op !== 'quantize_per_tensor') return null;
  const numbers = call.operands.slice(1).map((operand) => {
    if (operand.kind === 'number') return operand.value;
    const source = index.find(operand.node);
    return source?.op === 'get_attr' ? model.params[source.target]?.data[0] : undefined;
  });
  return numbers.includes(undefined) ? null : `${numbers.join()} ${call.attrs.dtype}`;
}
