import { GraphError } from '../graph/errors';
import { GraphIndex } from '../graph/graph';
import type { ModuleName, NodeName } from '../graph/ids';
import { inferShapes } from '../graph/inferShapes';
import type { Model } from '../graph/model';
import { LINEAR, LINEAR_RELU } from '../graph/moduleTypes';
import { isNodeRef, type Node } from '../graph/node';
import { asFloat } from '../graph/tensor';
import type { ChannelStats } from '../quant/channelStats';
import { type ObservedModel, observerRoot, overallRange } from '../quant/observer';
import { type LayerNode, linearNodes } from '../quant/weightUse';
import { type EqualizationConfig, eligibleLayers } from './eligibility';
import { Equalization, type EqualizeResult } from './equalization';
import { formulaText } from './formula';
import { calculateEqualizationScale, type EqualizationScale, scaleRange } from './scale';
import { columnRange } from './weight';

interface Scaled {
  readonly layer: LayerNode;
  readonly stats: ChannelStats;
  readonly scale: EqualizationScale;
  readonly formula: string;
}

/**
 * What PyTorch 1.13.1 does (torch/ao/quantization/fx/_equalize.py, `update_obs_for_equalization` and
 * `convert_eq_obs`), its defects included:
 *
 *     x → obs → eq_obs → fc1 → obs → eq_obs → fc2
 *     becomes
 *     x → mul(s1) → obs' → fc1 (columns / s1, rows · s2) → obs (range as it was) → fc2 (columns / s2)
 *
 * The node before an observer decides: behind a Linear, or behind any node with "relu" in its name, the
 * equalization observer just goes; otherwise a mul is inserted. Nobody checks that the layer before took the scale.
 */
export function equalizePyTorch(
  float: Model,
  model: ObservedModel,
  config: EqualizationConfig,
): EqualizeResult {
  const work = new Equalization(model);
  const index = new GraphIndex(model.graph);
  const scaled = observedScales(model, index);
  const layers = new Map([...scaled.values()].map((entry) => [entry.layer.node.name, entry]));
  for (const node of model.graph.nodes) {
    const entry = scaled.get(node.name);
    if (entry) convertEqualizationObserver(model, work, node, entry, layers);
    const layer = layers.get(node.name);
    if (layer) scaleWeight(model, work, index, layer, scaled);
  }
  work.decideSkipped(eligibleLayers(float, config, model.qconfigs));
  return work.result();
}

/** `update_obs_for_equalization`: the scale of every equalization observer, by its node. */
function observedScales(model: ObservedModel, index: GraphIndex): ReadonlyMap<NodeName, Scaled> {
  const layers = new Map(linearNodes(model, index).map((layer) => [layer.node.name, layer]));
  const scaled = new Map<NodeName, Scaled>();
  for (const node of model.graph.nodes) {
    const observer = node.op === 'call_module' ? model.equalizationObservers[node.target] : undefined;
    const layer = index.users(node.name).flatMap((user) => layers.get(user.name) ?? [])[0];
    if (!observer || !layer) continue;
    const stats = finiteStats(node, observer.channels);
    const { weight } = layer.call.attrs;
    const columns = columnRange(asFloat(model.params[weight], weight));
    if (stats.min.length !== columns.min.length)
      throw new GraphError(
        `PyTorch 1.13.1 stops here: it observes axis 1 of the input of '${layer.node.name}', which has ${stats.min.length} entries, and the weight has ${columns.min.length} columns. Exact semantics equalizes the last axis.`,
        layer.node.name,
      );
    const scale = calculateEqualizationScale(stats, columns);
    scaled.set(node.name, { layer, stats, scale, formula: formulaText(scale, stats, columns) });
  }
  return scaled;
}

/** With NaN PyTorch's check `min <= max` fails; with infinity it goes on, to an int8 model that gives NaN. */
function finiteStats(node: Node, stats: ChannelStats | null): ChannelStats {
  if (!stats)
    throw new GraphError(`'${node.name}' has seen no data: calibrate before equalizing.`, node.name);
  const bad = stats.nonFinite.findIndex((count) => count > 0);
  if (bad >= 0)
    throw new GraphError(
      `Column ${bad} of '${node.name}' has ${stats.nonFinite[bad]} NaN or infinite values. With NaN, PyTorch 1.13.1 stops here (its check min <= max fails); with infinity its int8 model gives NaN. Exact semantics gives such columns scale 1.`,
      node.name,
    );
  return stats;
}

const isLinearModule = (model: Model, node: Node): boolean =>
  node.op === 'call_module' && [LINEAR, LINEAR_RELU].includes(model.modules[node.target]?.type ?? '');

/** `convert_eq_obs`, first branch. */
function convertEqualizationObserver(
  model: ObservedModel,
  work: Equalization,
  node: Node,
  { layer, stats, scale, formula }: Scaled,
  layers: ReadonlyMap<NodeName, Scaled>,
): void {
  const [observed] = work.node(node.name).args;
  const observer = isNodeRef(observed) ? work.node(observed.node) : null;
  const value = observer?.args[0];
  if (observer?.op !== 'call_module' || !isNodeRef(value)) return;
  const previous = work.node(value.node);
  const shared = { layer: layer.node.name, scale, input: stats };
  if (isLinearModule(model, previous) || previous.name.includes('relu')) {
    work.remove(node.name, observer.name);
    const dropped = !takesScale(previous, work, layers);
    work.decisions.push({ ...shared, decision: 'fold', producer: previous.name, dropped });
    return;
  }
  const range = overallRange(scaleRange(stats, scale.values));
  setSharedRange(model, work, observer.name, observer.target, range);
  const mul = work.insertMul(
    previous.name,
    observer.name,
    scale.values,
    mulShape(model, previous, scale),
    formula,
  );
  work.rewire(observer.name, previous.name, mul);
  work.remove(node.name, observer.name);
  work.decisions.push({ ...shared, decision: 'mul', mul, reason: null });
}

/** `[1, C]` for a matrix, `[1, C, 1]` for three axes: PyTorch scales axis 1 (`equalization_shape`). */
function mulShape(model: ObservedModel, value: Node, { values }: EqualizationScale): readonly number[] {
  const rank = inferShapes(model).get(value.name)?.length ?? 2;
  return Array.from({ length: rank }, (_, axis) => (axis === 1 ? values.length : 1));
}

/** Whether a layer really multiplies its rows: `previous` itself, or the Linear in front of a ReLU. */
function takesScale(previous: Node, work: Equalization, layers: ReadonlyMap<NodeName, Scaled>): boolean {
  if (layers.has(previous.name)) return true;
  const [input] = previous.args;
  const isRelu = previous.op === 'call_function' && previous.target === 'torch.nn.functional.relu';
  return isRelu && isNodeRef(input) && layers.has(work.node(input.node).name);
}

/** The observer object is shared, so its new range shows at every node that shares it. Fixed ranges ignore it. */
function setSharedRange(
  model: ObservedModel,
  work: Equalization,
  node: NodeName,
  module: ModuleName,
  range: { min: number; max: number },
): void {
  const root = observerRoot(model, module);
  if (model.observers[root]?.kind !== 'fixed') work.setRootRange(node, root, range);
}

/** `convert_eq_obs`, second branch: columns by the layer's own scale, rows by that of the layer behind it. */
function scaleWeight(
  model: ObservedModel,
  work: Equalization,
  index: GraphIndex,
  { layer, scale }: Scaled,
  scaled: ReadonlyMap<NodeName, Scaled>,
): void {
  work.divideColumns(layer, scale.values);
  const next = nextEqualizationObserver(model, index, layer.node);
  const following = next ? scaled.get(next.name) : undefined;
  if (following)
    work.multiplyRows(layer, following.scale.values, `${following.layer.node.name} (${following.formula})`);
}

/** `maybe_get_next_input_eq_obs`: linear → (relu →) observer → equalization observer, by first user at each hop. */
function nextEqualizationObserver(model: ObservedModel, index: GraphIndex, layer: Node): Node | undefined {
  const next = (node: Node | undefined, accept: (user: Node) => boolean) =>
    node && index.users(node.name).find(accept);
  const moduleOf = (user: Node) => (user.op === 'call_module' ? user.target : undefined);
  const isRelu = (user: Node) =>
    (user.op === 'call_module' && model.modules[user.target]?.type === 'torch.nn.ReLU') ||
    (user.op === 'call_function' && user.target === 'torch.nn.functional.relu');
  const isIn = (record: object) => (user: Node) => Object.hasOwn(record, moduleOf(user) ?? '');
  const observer = next(next(layer, isRelu) ?? layer, isIn(model.observers));
  return next(observer, isIn(model.equalizationObservers));
}
