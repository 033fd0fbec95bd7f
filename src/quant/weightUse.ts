import { expectedTensors } from '../graph/expectedTensors';
import { GraphIndex } from '../graph/graph';
import type { NodeName, ParamName } from '../graph/ids';
import type { Model } from '../graph/model';
import { inputsOf, type Node } from '../graph/node';
import type { OpCall } from '../graph/op';
import { resolveNode } from '../graph/resolve';

/** A Linear of the graph: the node that calls it and what it means. */
export interface LinearNode {
  readonly node: Node;
  readonly call: OpCall<'linear'>;
}

/** All Linear calls in graph order, `nn.Linear` and `F.linear` alike. */
export function linearNodes(
  model: Model,
  index: GraphIndex = new GraphIndex(model.graph),
): readonly LinearNode[] {
  return model.graph.nodes.flatMap((node) => {
    const call = resolveNode(model, index, node);
    return call?.op === 'linear' ? [{ node, call }] : [];
  });
}

/** The node whose value a Linear multiplies with its weight. */
export const activationOf = (linear: LinearNode): NodeName | null => {
  const [operand] = linear.call.operands;
  return operand?.kind === 'node' ? operand.node : null;
};

/**
 * How many calls read each tensor: calls of a module that owns it, and every reader of a `get_attr` node. A weight may
 * be rescaled for one call only where this is 1.
 */
export function paramUseCounts(model: Model, index: GraphIndex): ReadonlyMap<ParamName, number> {
  const counts = new Map<ParamName, number>();
  const add = (param: ParamName) => counts.set(param, (counts.get(param) ?? 0) + 1);
  for (const node of model.graph.nodes) {
    const call = node.op === 'call_module' ? resolveNode(model, index, node) : null;
    if (call) for (const { param } of expectedTensors(call)) add(param);
    for (const input of inputsOf(node)) {
      const source = index.find(input);
      if (source?.op === 'get_attr') add(source.target);
    }
  }
  return counts;
}
