import type { GraphIndex } from './graph';
import type { NodeName, ParamName } from './ids';
import type { Model } from './model';
import { OBSERVER_MODULES } from './moduleTypes';
import { firstInput } from './node';

/**
 * The tensor of the model that a node gives: a `get_attr` node's own, also behind observers (`w → observer → F.linear`,
 * as a functional layer's weight stands in a prepared graph). Null for a value that is computed.
 */
export function constantBehind(
  model: Pick<Model, 'modules'>,
  index: GraphIndex,
  name: NodeName,
): ParamName | null {
  const node = index.get(name);
  if (node.op === 'get_attr') return node.target;
  if (node.op !== 'call_module' || !OBSERVER_MODULES.has(model.modules[node.target]?.type ?? '')) return null;
  const input = firstInput(node);
  return input === null ? null : constantBehind(model, index, input);
}
