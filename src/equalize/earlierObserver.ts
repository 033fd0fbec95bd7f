import type { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import { firstInput } from '../graph/node';
import { resolveNode } from '../graph/resolve';
import { isObserved, observationOf } from '../quant/observation';
import type { ObservedModel } from '../quant/observer';
import type { Equalization } from './equalization';

/**
 * `x → obs → flatten → mul → obs'`: the tensor is quantized behind the mul, where its columns are even. To quantize
 * it before as well, only to move it, would throw away what equalization gains, so the earlier observer goes. It
 * stays where a quantized op makes the value or something else reads it.
 */
export function dropEarlierObservers(
  model: ObservedModel,
  index: GraphIndex,
  work: Equalization,
  value: NodeName,
): void {
  let moved: NodeName | null = value;
  while (moved !== null) moved = dropOne(model, index, work, moved);
}

/** Drops the observer in front of one op that moves values; gives the value before it, to look further, or null. */
function dropOne(
  model: ObservedModel,
  index: GraphIndex,
  work: Equalization,
  value: NodeName,
): NodeName | null {
  const mover = index.get(value);
  if (observationOf(resolveNode(model, index, mover), mover) !== 'shared') return null;
  // Where the value is also quantized in front of the mul, it shares the range of what it was moved from.
  if (work.users(value).some((user) => user.op === 'call_module' && model.observers[user.target]))
    return null;
  const input = firstInput(work.node(value));
  const observer = input === null ? null : work.node(input);
  const source = observer && firstInput(observer);
  if (observer?.op !== 'call_module' || !model.observers[observer.target] || source === null) return null;
  if (work.users(observer.name).length > 1) return null;
  const producer = index.get(source);
  const observation = observationOf(resolveNode(model, index, producer), producer);
  if (isObserved(observation) && observation !== 'shared') return null;
  work.remove(observer.name, source, `${source} stays in float: it is quantized behind the mul.`);
  return source;
}
