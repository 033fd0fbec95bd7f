import type { LayerDecision } from '../equalize/decision';
import { columnRangeOf, isRangeKnown } from '../equalize/layerWeight';
import { type ChannelRange, scaleRange } from '../equalize/scale';
import type { NodeName } from '../graph/ids';
import { isLazy } from '../graph/lazyTensor';
import type { Model } from '../graph/model';
import { firstInput, type Node } from '../graph/node';
import { asFloat, type Tensor } from '../graph/tensor';
import type { ChannelStats } from '../quant/channelStats';
import type { ObservedModel } from '../quant/observer';
import { type LayerNode, layerNodes } from '../quant/weightUse';
import type { Snapshots } from './snapshots';

/** Column ranges of one layer, before equalization and, once it has run, after. */
export interface LayerColumns {
  readonly input: ChannelStats | null;
  readonly inputAfter: ChannelRange | null;
  /** Null where it is not known and must not be read. */
  readonly weight: ChannelRange | null;
  readonly weightAfter: ChannelRange | null;
  readonly decision: LayerDecision | null;
}

/** The model as `prepare` sees it, or as it was loaded. */
export const fusedModel = (snapshots: Snapshots): Model => snapshots.prepare?.fused ?? snapshots.load.model;

/** That model's layers. */
export const layersOf = (snapshots: Snapshots): readonly LayerNode[] => layerNodes(fusedModel(snapshots));

/**
 * Whether all weights are read for their ranges; else those alone that have been, and all of a small model in memory: what is in
 * its file takes seconds for a large model, and even a million values as long as drawing the graph that is waited for.
 */
export type WeightReading = 'read' | 'known';

/** Column ranges with the weight's among them. */
export type ReadColumns = LayerColumns & { readonly weight: ChannelRange };

/** The columns of any layer of these snapshots; what all layers share is looked up once. */
export function layerColumns(snapshots: Snapshots): (layer: LayerNode) => ReadColumns;
export function layerColumns(
  snapshots: Snapshots,
  reading: WeightReading,
): (layer: LayerNode) => LayerColumns;
export function layerColumns(
  snapshots: Snapshots,
  reading: WeightReading = 'read',
): (layer: LayerNode) => LayerColumns {
  const { calibrate, equalize } = snapshots;
  const mayRead = reading === 'read' || areSoonRead(snapshots);
  const nodes = new Map(calibrate?.model.graph.nodes.map((node) => [node.name, node]));
  const decisions = new Map(equalize?.result.decisions.map((decision) => [decision.layer, decision]));
  return (layer) => {
    const { weight } = layer.call.attrs;
    const input = calibrate ? inputStats(calibrate.model, nodes, layer.node.name) : null;
    const decision = decisions.get(layer.node.name) ?? null;
    const after = equalize?.model.params[weight];
    const scale = decision?.scale?.values;
    return {
      input,
      inputAfter: input && equalize ? (scale ? scaleRange(input, scale) : input) : null,
      weight: weightRange(fusedModel(snapshots).params[weight], layer, mayRead),
      weightAfter: after ? weightRange(after, layer, mayRead) : null,
      decision,
    };
  };
}

/** So many values are ranged before anybody could see that they were missing. */
const SOON_READ = 2 ** 16;

/** Whether the weights of all layers together are few, and in memory. */
function areSoonRead(snapshots: Snapshots): boolean {
  const { params } = fusedModel(snapshots);
  let count = 0;
  for (const { call } of layersOf(snapshots)) {
    const weight = params[call.attrs.weight];
    if (weight === undefined || isLazy(weight)) return false;
    count += weight.data.length;
  }
  return count <= SOON_READ;
}

function weightRange(tensor: Tensor | undefined, { call }: LayerNode, mayRead: boolean): ChannelRange | null {
  const weight = asFloat(tensor, call.attrs.weight);
  if (!mayRead && !isRangeKnown(call, weight)) return null;
  return columnRangeOf(call, weight);
}

/** Statistics of a layer's input, from the observer that it reads. */
function inputStats(
  model: ObservedModel,
  nodes: ReadonlyMap<NodeName, Node>,
  layer: NodeName,
): ChannelStats | null {
  const node = nodes.get(layer);
  const input = node ? firstInput(node) : null;
  const observer = input === null ? undefined : nodes.get(input);
  if (observer?.op !== 'call_module') return null;
  return (
    model.equalizationObservers[observer.target]?.channels ??
    model.observers[observer.target]?.channels ??
    null
  );
}
