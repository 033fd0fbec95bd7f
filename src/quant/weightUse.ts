import { constantBehind } from '../graph/constantBehind';
import { expectedTensors } from '../graph/expectedTensors';
import { GraphIndex } from '../graph/graph';
import type { NodeName, ParamName } from '../graph/ids';
import type { Model } from '../graph/model';
import { inputsOf, type Node } from '../graph/node';
import { resolveNode } from '../graph/resolve';
import { isLayerCall, type LayerCall } from './layerAxes';

/** A Linear or a convolution of the graph: the node that calls it and what it means. */
export interface LayerNode {
  readonly node: Node;
  readonly call: LayerCall;
}

/** All layers in graph order, modules and functions alike. */
export function layerNodes(
  model: Model,
  index: GraphIndex = new GraphIndex(model.graph),
): readonly LayerNode[] {
  return model.graph.nodes.flatMap((node) => {
    const call = resolveNode(model, index, node);
    return isLayerCall(call) ? [{ node, call }] : [];
  });
}

/** Those of them that are Linear. */
export const linearNodes = (model: Model, index?: GraphIndex): readonly LayerNode[] =>
  layerNodes(model, index).filter((layer) => layer.call.op === 'linear');

/** The node whose value a layer multiplies with its weight. */
export const activationOf = (layer: LayerNode): NodeName | null => {
  const [operand] = layer.call.operands;
  return operand?.kind === 'node' ? operand.node : null;
};

/**
 * How many calls read each tensor: calls of a module that owns it, and every reader of a `get_attr` node or of the
 * observers behind it. A weight may
 * be rescaled for one call only where this is 1.
 */
export function paramUseCounts(model: Model, index: GraphIndex): ReadonlyMap<ParamName, number> {
  const counts = new Map<ParamName, number>();
  const add = (param: ParamName) => counts.set(param, (counts.get(param) ?? 0) + 1);
  for (const node of model.graph.nodes) {
    // An observer is no reader of its own: what reads the tensor through it is.
    if (constantBehind(model, index, node.name) !== null) continue;
    const call = node.op === 'call_module' ? resolveNode(model, index, node) : null;
    if (call) for (const { param } of expectedTensors(call)) add(param);
    for (const input of inputsOf(node)) {
      const param = constantBehind(model, index, input);
      if (param !== null) add(param);
    }
  }
  return counts;
}

/**
 * The same, with the uses of tensors that are tied counted together: where this is above 1, a tensor cannot be scaled
 * without another call, or another name of it, seeing the scale.
 */
export function tiedUseCounts(model: Model, index: GraphIndex): ReadonlyMap<ParamName, number> {
  const counts = new Map(paramUseCounts(model, index));
  for (const names of model.tied ?? []) {
    const all = names.reduce((sum, name) => sum + (counts.get(name) ?? 0), 0);
    for (const name of names) counts.set(name, all);
  }
  return counts;
}
