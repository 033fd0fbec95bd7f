import { GraphError } from '../graph/errors';
import type { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import { asFloat } from '../graph/tensor';
import type { ChannelStats } from '../quant/channelStats';
import { weightObserversOf } from '../quant/functionalWeight';
import type { ObservedModel } from '../quant/observer';
import { type LayerNode, layerNodes } from '../quant/weightUse';
import { counted } from './counted';
import { axisOneRange } from './layerWeight';
import { formulaText } from './rules/formula';
import { inputWeightText } from './rules/inputWeight';
import { type ChannelRange, calculateEqualizationScale, type EqualizationScale, unitScale } from './scale';

/** What PyTorch knows of one input equalization observer before it changes anything. */
export interface PyTorchScale {
  /** The observer's node. */
  readonly observer: NodeName;
  /** The layer that reads it. */
  readonly layer: LayerNode;
  readonly stats: ChannelStats;
  readonly scale: EqualizationScale;
  /**
   * The observer keeps its `torch.tensor(1)`: there is one column, of scale 1, or no data, or an unobserved weight. PyTorch
   * then scales neither the observer's range nor the layer's weight, not even by the scale of the layer behind it.
   */
  readonly isOne: boolean;
  /** False where a functional layer's weight is given by keyword: PyTorch observes positional arguments. */
  readonly weightObserved: boolean;
  readonly formula: string;
}

/** `update_obs_for_equalization`: the scale of every input equalization observer, by its node. */
export function observedScales(model: ObservedModel, index: GraphIndex): ReadonlyMap<NodeName, PyTorchScale> {
  const layers = new Map(layerNodes(model, index).map((layer) => [layer.node.name, layer]));
  const scales = new Map<NodeName, PyTorchScale>();
  for (const node of model.graph.nodes) {
    const observer = node.op === 'call_module' ? model.equalizationObservers[node.target] : undefined;
    const layer = index.users(node.name).flatMap((user) => layers.get(user.name) ?? [])[0];
    if (!observer || !layer) continue;
    const { channels } = observer;
    if (!channels)
      throw new GraphError(`'${node.name}' has seen no data: calibrate before equalizing.`, node.name);
    checkOrdered(node.name, layer, channels);
    scales.set(node.name, { observer: node.name, ...scaleOf(model, index, layer, channels) });
  }
  return scales;
}

function scaleOf(
  model: ObservedModel,
  index: GraphIndex,
  layer: LayerNode,
  stats: ChannelStats,
): Omit<PyTorchScale, 'observer'> {
  const nodeOf = (name: NodeName) => index.get(name);
  const weightObserved =
    !layer.call.attrs.functional || weightObserversOf(model, nodeOf, layer.node).equalization !== null;
  const unseen = stats.min.every((value) => value === Number.POSITIVE_INFINITY);
  if (!weightObserved || unseen) {
    const scale = unitScale(stats.min.length);
    return { layer, stats, scale, isOne: true, weightObserved, formula: '' };
  }
  const columns = columnsOf(model, layer);
  checkColumns(layer, stats, columns);
  const scale = calculateEqualizationScale(stats, columns, null, 'pytorch');
  const isOne = scale.values.length === 1 && scale.values[0] === 1;
  const formula = formulaText(scale.values, (k) => inputWeightText(stats, columns, k));
  return { layer, stats, scale, isOne, weightObserved, formula };
}

/** Axis 1 of the weight, whatever its groups. */
function columnsOf(model: ObservedModel, { node, call }: LayerNode): ChannelRange {
  const { weight } = call.attrs;
  const { hasNaN, ...range } = axisOneRange(asFloat(model.params[weight], weight));
  if (hasNaN)
    throw new GraphError(
      `PyTorch 1.13.1 stops here: '${weight}' has NaN values, with which its check min <= max fails. Mend the weight, or leave '${node.name}' out of equalization.`,
      node.name,
    );
  return range;
}

/** With NaN PyTorch's check `min <= max` fails; with infinity it goes on, with scale 1 and an infinite range. */
function checkOrdered(observer: NodeName, { node }: LayerNode, { min, nonFinite }: ChannelStats): void {
  const bad = min.findIndex(Number.isNaN);
  if (bad < 0) return;
  throw new GraphError(
    `PyTorch 1.13.1 stops here: channel ${bad} of the input of '${node.name}' has ${counted(nonFinite[bad] ?? 0, 'NaN or infinite value')}, so that its check min <= max fails. Mend the data, leave '${node.name}' out of equalization, or choose Exact semantics, which gives such channels scale 1.`,
    observer,
  );
}

function checkColumns({ node, call }: LayerNode, stats: ChannelStats, columns: ChannelRange): void {
  const [entries, count] = [stats.min.length, columns.min.length];
  if (entries === count) return;
  const groups = call.op === 'conv' ? call.attrs.groups : 1;
  const why =
    groups > 1
      ? `the weight of '${node.name}' has ${counted(count, 'column')} for each of its ${groups} groups, and its input has ${counted(entries, 'channel')}. PyTorch equalizes no grouped or depthwise convolution: leave it out of equalization, or choose Exact semantics, which scales each group's own channels.`
      : `it observes axis 1 of the input of '${node.name}', which has ${counted(entries, 'entry', 'entries')}, and the weight has ${counted(count, 'column')}. Exact semantics scales the axis that the layer reads.`;
  throw new GraphError(`PyTorch 1.13.1 stops here: ${why}`, node.name);
}
