import { constantBehind } from '../graph/constantBehind';
import { GraphIndex } from '../graph/graph';
import type { ModuleName, NodeName } from '../graph/ids';
import { asFloat, type FloatTensor } from '../graph/tensor';
import type { ObservedModel } from './observer';
import { type ChannelRanges, channelRanges } from './observers/perChannelMinMax';
import { observeWeight, type WeightObserverState } from './weightObserver';

/** Axis of a weight's input columns, `[out, in, …]`: what a weight equalization observer ranges over. */
const COLUMN_AXIS = 1;

/**
 * The model with the observers of functional layers' weights filled from the tensors they stand behind. Calibration
 * shows them the same tensor with every batch, `convert` once more: what they know does not change by that.
 */
export function observeWeights(model: ObservedModel): ObservedModel {
  const index = new GraphIndex(model.graph);
  const weightObservers: Record<ModuleName, WeightObserverState> = { ...model.weightObservers };
  const weightEqualizationObservers: Record<ModuleName, ChannelRanges | null> = {
    ...model.weightEqualizationObservers,
  };
  for (const node of model.graph.nodes) {
    if (node.op !== 'call_module') continue;
    const observer = model.weightObservers[node.target];
    if (observer) weightObservers[node.target] = observeWeight(observer, weightOf(node.name));
    if (Object.hasOwn(weightEqualizationObservers, node.target))
      weightEqualizationObservers[node.target] = channelRanges(weightOf(node.name), COLUMN_AXIS);
  }
  return { ...model, weightObservers, weightEqualizationObservers };

  function weightOf(name: NodeName): FloatTensor {
    const param = constantBehind(model, index, name);
    if (param === null) throw new Error(`internal: '${name}' observes no tensor of the model.`);
    return asFloat(model.params[param], param);
  }
}
