import type { ModuleName, NodeName } from '../graph/ids';
import { firstInput, isNodeRef, type Node } from '../graph/node';
import type { ObservedModel } from './observer';

/** The node that `F.linear`, `F.conv2d` and its like read their weight from; null for other nodes. */
export function weightNode(layer: Node): NodeName | null {
  const weight = layer.op === 'call_function' ? (layer.args[1] ?? layer.kwargs.weight) : undefined;
  return isNodeRef(weight) ? weight.node : null;
}

/** An observer node and its module. */
export interface ObserverNode {
  readonly node: NodeName;
  readonly module: ModuleName;
}

/** `w → weight observer → weight equalization observer → F.linear`: the two, where they stand there. */
export function weightObserversOf(
  model: Pick<ObservedModel, 'weightObservers' | 'weightEqualizationObservers'>,
  nodeOf: (name: NodeName) => Node,
  layer: Node,
): { readonly quantization: ObserverNode | null; readonly equalization: ObserverNode | null } {
  const read = observerIn(model.weightEqualizationObservers, weightNode(layer));
  const behind = read ? firstInput(nodeOf(read.node)) : weightNode(layer);
  return { quantization: observerIn(model.weightObservers, behind), equalization: read };

  function observerIn(record: Readonly<Record<ModuleName, unknown>>, name: NodeName | null) {
    const node = name === null ? null : nodeOf(name);
    return node?.op === 'call_module' && Object.hasOwn(record, node.target)
      ? { node: node.name, module: node.target }
      : null;
  }
}
