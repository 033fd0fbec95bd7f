import { GraphError } from '../graph/errors';
import type { NodeName } from '../graph/ids';
import { asFloat } from '../graph/tensor';
import type { ChannelStats } from './channelStats';
import { type ObservedModel, observerRoot, observerState } from './observer';
import { layerNodes } from './weightUse';
import { observerNodes } from './withStats';

/**
 * PyTorch 1.13.1's HistogramObserver makes integers of its range, which NaN and infinities are not. Throws a GraphError
 * on the observer; the other observers go on to `convert`.
 */
export function checkHistogramRanges(model: ObservedModel, stats: ReadonlyMap<NodeName, ChannelStats>): void {
  for (const { node, module } of observerNodes(model)) {
    const kind = model.observers[observerRoot(model, module)]?.kind;
    const bad = stats.get(node)?.nonFinite.reduce((sum, count) => sum + count, 0) ?? 0;
    if (kind !== 'histogram' || bad === 0) continue;
    throw new GraphError(
      `PyTorch 1.13.1 stops here: '${node}' sees ${bad} NaN or infinite values, of which its HistogramObserver cannot make bins. Mend the data, or choose a qconfig without histograms (default, per-channel).`,
      node,
    );
  }
}

/**
 * Of a range that is NaN PyTorch 1.13.1 makes no scale (observer.py, `_calculate_qparams`: its check min <= max fails).
 * Throws a GraphError on the first observer in the graph with such a range, or layer with such a weight. NaN comes
 * into ranges in PyTorch semantics only.
 */
export function checkRanges(model: ObservedModel): void {
  const layers = new Map(layerNodes(model).map(({ node, call }) => [node.name, call.attrs.weight]));
  for (const node of model.graph.nodes) {
    const observer = node.op === 'call_module' ? observerState(model, node.target) : undefined;
    const hasNaN = observer !== undefined && (Number.isNaN(observer.min) || Number.isNaN(observer.max));
    if (hasNaN && observer.kind !== 'fixed') throw noScale(node.name, `'${node.name}' has seen NaN`);
    const weight = node.op === 'call_module' ? layers.get(node.name) : undefined;
    if (weight !== undefined && asFloat(model.params[weight], weight).data.some(Number.isNaN))
      throw noScale(node.name, `the weight '${weight}' of '${node.name}' has NaN`);
  }
}

const noScale = (node: NodeName, what: string): GraphError =>
  new GraphError(
    `PyTorch 1.13.1 stops here: ${what}, of which it can make no scale (its check min <= max fails). Mend the values before, or choose Exact semantics, which leaves them out of ranges.`,
    node,
  );
