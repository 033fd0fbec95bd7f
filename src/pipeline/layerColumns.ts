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
