import { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import { isNodeRef } from '../graph/node';
import { resolveNode } from '../graph/resolve';
import { observationOf } from '../quant/observation';
import type { ObservedModel } from '../quant/observer';
import type { Equalization } from './equalization';

/**
 * `x → obs → flatten → mul → obs'`: the tensor is quantized behind the mul, where its columns are even. To quantize
 * it before as well, only to move it, would throw away what equalization gains, so the earlier observer goes. It
 * stays where a quantized op makes the value or something else reads it.
 */
export function dropEarlierObserver(model: ObservedModel, work: Equalization, value: NodeName): void {
  const index = new GraphIndex(model.graph);
  const mover = index.get(value);
  if (observationOf(resolveNode(model, index, mover), mover) !== 'shared') return;
  const [input] = work.node(value).args;
  const observer = isNodeRef(input) ? work.node(input.node) : null;
  const source = observer?.args[0];
  if (observer?.op !== 'call_module' || !model.observers[observer.target] || !isNodeRef(source)) return;
  if (work.users(observer.name).length > 1) return;
  const producer = index.get(source.node);
  const observation = observationOf(resolveNode(model, index, producer), producer);
  if (observation !== 'float' && observation !== 'shared') return;
  work.remove(observer.name, source.node, `${source.node} stays in float: it is quantized behind the mul.`);
  dropEarlierObserver(model, work, source.node);
}
