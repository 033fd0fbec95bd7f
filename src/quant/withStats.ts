import { type ModuleName, moduleName, type NodeName } from '../graph/ids';
import type { ChannelStats } from './channelStats';
import { type ObservedModel, type Observer, observerRoot, overallRange } from './observer';
import { observeMinMax } from './observers/minMax';
import { observeMovingAverage } from './observers/movingAverageMinMax';
import type { TensorRange } from './observers/tensorRange';

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

/** Whether the observer behind a module depends on the order of batches, so that calibration must tell them apart. */
export function needsBatches(model: ObservedModel, module: ModuleName): boolean {
  const kind = model.observers[observerRoot(model, module)]?.kind;
  return kind === 'moving-average' || kind === 'histogram';
}

/** One value that an observer object sees: of which node, in which batch, and its range. */
export interface Observation {
  readonly node: NodeName;
  readonly batch: number;
  readonly range: TensorRange;
}

/**
 * What the observer object `root` sees, in the order in which it does: batch by batch, in each batch in graph order
 * the values of all nodes that share it. Throws when the statistics do not tell batches apart.
 */
export function observationsOf(
  model: ObservedModel,
  root: ModuleName,
  stats: ReadonlyMap<NodeName, ChannelStats>,
): readonly Observation[] {
  const sharing = observerNodes(model).filter(
    ({ node, module }) => model.observers[module] && observerRoot(model, module) === root && stats.has(node),
  );
  const ranges = sharing.map(({ node }) => {
    const batches = stats.get(node)?.batches;
    if (!batches) throw new Error(`internal: the ranges of '${node}' were not collected batch by batch.`);
    return { node, batches };
  });
  const count = ranges[0]?.batches.length ?? 0;
  return Array.from({ length: count }, (_, batch) => batch).flatMap((batch) =>
    ranges.flatMap(({ node, batches }) => {
      const range = batches[batch];
      return range ? [{ node, batch, range }] : [];
    }),
  );
}

/**
 * The model with its observers filled from what calibration collected per observer node. An observer that others
 * share sees the values of all of them, as one PyTorch object would. Histograms stay empty: they need the values
 * themselves (`histogramCalibration.ts`).
 */
export function withStats(model: ObservedModel, stats: ReadonlyMap<NodeName, ChannelStats>): ObservedModel {
  const observers: Record<ModuleName, Observer> = { ...model.observers };
  const equalizationObservers = { ...model.equalizationObservers };
  for (const { node, module } of observerNodes(model)) {
    const channels = stats.get(node) ?? null;
    const observer = observers[module];
    const equalization = equalizationObservers[module];
    if (observer) observers[module] = { ...observer, channels };
    else if (equalization) equalizationObservers[module] = { ...equalization, channels };
    const root = observerRoot(model, module);
    const seeing = observers[root];
    if (observer && channels && seeing?.kind === 'minmax')
      observers[root] = observeMinMax(seeing, overallRange(channels));
  }
  for (const [root, observer] of entriesOf(observers))
    if (observer.kind === 'moving-average' && observer.sharesWith === null)
      observers[root] = observationsOf(model, root, stats).reduce(
        (state, { range }) => observeMovingAverage(state, range),
        observer,
      );
  return { ...model, observers, equalizationObservers };
}

/** Observers with their names, which `Object.entries` would take for plain strings. */
export const entriesOf = (
  observers: Readonly<Record<ModuleName, Observer>>,
): readonly (readonly [ModuleName, Observer])[] =>
  Object.entries(observers).map(([name, observer]) => [moduleName(name), observer]);
