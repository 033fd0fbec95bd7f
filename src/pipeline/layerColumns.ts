import type { LayerDecision } from '../equalize/decision';
import { type ChannelRange, scaleRange } from '../equalize/scale';
import { columnRange } from '../equalize/weight';
import type { NodeName } from '../graph/ids';
import { isNodeRef } from '../graph/node';
import { asFloat } from '../graph/tensor';
import type { ChannelStats } from '../quant/channelStats';
import type { ObservedModel } from '../quant/observer';
import { type LinearNode, linearNodes } from '../quant/weightUse';
import type { Snapshots } from './snapshots';

/** Column ranges of one layer, before equalization and, once it has run, after. */
export interface LayerColumns {
  readonly input: ChannelStats | null;
  readonly inputAfter: ChannelRange | null;
  readonly weight: ChannelRange;
  readonly weightAfter: ChannelRange | null;
  readonly decision: LayerDecision | null;
}

/** The model's layers as `prepare` sees them, or as they were loaded. */
export const layersOf = (snapshots: Snapshots): readonly LinearNode[] =>
  linearNodes(snapshots.prepare?.fused ?? snapshots.load.model);

export function layerColumns(snapshots: Snapshots, layer: LinearNode): LayerColumns {
  const { weight } = layer.call.attrs;
  const { calibrate, equalize } = snapshots;
  const input = calibrate ? inputStats(calibrate.model, layer.node.name) : null;
  const decision = equalize?.result.decisions.find((d) => d.layer === layer.node.name) ?? null;
  const after = equalize?.model.params[weight];
  const scale = decision?.scale?.values;
  return {
    input,
    inputAfter: input && equalize ? (scale ? scaleRange(input, scale) : input) : null,
    weight: columnRange(asFloat(snapshots.load.model.params[weight], weight)),
    weightAfter: after ? columnRange(asFloat(after, weight)) : null,
    decision,
  };
}

/** Statistics of a layer's input, from the observer that it reads. */
function inputStats(model: ObservedModel, layer: NodeName): ChannelStats | null {
  const nodes = new Map(model.graph.nodes.map((node) => [node.name, node]));
  const [input] = nodes.get(layer)?.args ?? [];
  const observer = isNodeRef(input) ? nodes.get(input.node) : undefined;
  if (observer?.op !== 'call_module') return null;
  return (
    model.equalizationObservers[observer.target]?.channels ??
    model.observers[observer.target]?.channels ??
    null
  );
}

/**
 * The widest column over the narrowest one that is not zero: 1 is perfectly equal. Columns that take no part in
 * equalization (a constant input, a dead weight column) are left out. Null without a column to measure.
 */
export function rangeRatio(range: ChannelRange, leftOut: ReadonlySet<number> = new Set()): number | null {
  let widest = 0;
  let narrowest = Number.POSITIVE_INFINITY;
  for (let c = 0; c < range.min.length; c++) {
    const width = (range.max[c] ?? 0) - (range.min[c] ?? 0);
    if (leftOut.has(c) || !(width > 0) || !Number.isFinite(width)) continue;
    widest = Math.max(widest, width);
    narrowest = Math.min(narrowest, width);
  }
  return widest > 0 ? widest / narrowest : null;
}

/** Columns whose input is constant or was never finite: equalization has nothing to balance there. */
export function constantColumns(input: ChannelRange | null): ReadonlySet<number> {
  const columns = new Set<number>();
  input?.min.forEach((low, c) => {
    if (!((input.max[c] ?? 0) - low > 0)) columns.add(c);
  });
  return columns;
}
