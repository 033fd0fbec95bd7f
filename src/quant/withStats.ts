import type { ModuleName, NodeName } from '../graph/ids';
import type { ChannelStats } from './channelStats';
import {
  type EqualizationObserver,
  type ObservedModel,
  type Observer,
  observerRoot,
  overallRange,
} from './observer';

/** The observer nodes of the graph, each with its module: where calibration has to look. */
export function observerNodes(
  model: ObservedModel,
): readonly { readonly node: NodeName; readonly module: ModuleName }[] {
  return model.graph.nodes.flatMap((node) =>
    node.op === 'call_module' && (model.observers[node.target] || model.equalizationObservers[node.target])
      ? [{ node: node.name, module: node.target }]
      : [],
  );
}

/**
 * The model with its observers filled from what calibration collected per observer node. An observer that others
 * share sees the values of all of them, as one PyTorch object would.
 */
export function withStats(model: ObservedModel, stats: ReadonlyMap<NodeName, ChannelStats>): ObservedModel {
  const observers: Record<ModuleName, Observer> = { ...model.observers };
  const equalizationObservers: Record<ModuleName, EqualizationObserver> = { ...model.equalizationObservers };
  for (const { node, module } of observerNodes(model)) {
    const channels = stats.get(node) ?? null;
    const observer = observers[module];
    if (observer) observers[module] = { ...observer, channels };
    else equalizationObservers[module] = { channels };
    if (observer && channels) widen(observers, observerRoot(model, module), channels);
  }
  return { ...model, observers, equalizationObservers };
}

function widen(observers: Record<ModuleName, Observer>, name: ModuleName, channels: ChannelStats): void {
  const observer = observers[name];
  if (!observer || observer.fixed) return;
  const range = overallRange(channels);
  observers[name] = {
    ...observer,
    min: Math.min(observer.min, range.min),
    max: Math.max(observer.max, range.max),
  };
}
