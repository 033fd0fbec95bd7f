import { GraphError } from '../graph/errors';
import { GraphIndex } from '../graph/graph';
import type { ModuleName, NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { isNodeRef, type Node } from '../graph/node';
import { resolveNode } from '../graph/resolve';
import { type ObservedModel, observerRoot, overallRange } from '../quant/observer';
import { type EqualizationConfig, eligibleLayers } from './eligibility';
import { Equalization, type EqualizeResult } from './equalization';
import { observedScales, type PyTorchScale } from './pytorchScales';
import { type FollowingScales, followingScales, scaleWeight, unscaledBias } from './pytorchWeights';
import { scaleRange } from './scale';

/**
 * What PyTorch 1.13.1 does (torch/ao/quantization/fx/_equalize.py, `update_obs_for_equalization` and
 * `convert_eq_obs`), its defects included:
 *
 *     x → obs → eq_obs → fc1 → obs → eq_obs → fc2
 *     becomes
 *     x → mul(s1) → obs' → fc1 (columns / s1, rows · s2) → obs (range as it was) → fc2 (columns / s2)
 *
 * The node before an observer decides: behind a layer, or behind any node with "relu" in its name, the
 * equalization observer just goes; otherwise a mul is inserted. Nobody checks that the layer before took the scale.
 */
export function equalizePyTorch(
  float: Model,
  model: ObservedModel,
  config: EqualizationConfig,
): EqualizeResult {
  const work = new Equalization(model);
  const index = new GraphIndex(model.graph);
  const scales = observedScales(model, index);
  const following = followingScales(model, index, scales);
  const byLayer = new Map([...scales.values()].map((entry) => [entry.layer.node.name, entry]));
  for (const node of model.graph.nodes) {
    const entry = scales.get(node.name);
    if (entry) convertEqualizationObserver(model, index, work, node, entry, following);
    const layer = byLayer.get(node.name);
    if (layer?.weightObserved) scaleWeight(model, index, work, layer, following.get(node.name) ?? null);
  }
  work.decideSkipped(eligibleLayers(float, config, model.qconfigs));
  return work.result();
}

/** `node_supports_equalization`, or the name alone. */
function isTakenForLayer(model: Model, index: GraphIndex, node: Node): boolean {
  const call = resolveNode(model, index, node);
  // PyTorch names its observers otherwise than we do, without what they observe.
  return (
    call?.op === 'linear' || call?.op === 'conv' || (call?.op !== 'observer' && node.name.includes('relu'))
  );
}

/** PyTorch looks two nodes up from the equalization observer, whether an observer stands in between or not. */
function nodeBefore(index: GraphIndex, observer: Node, layer: Node): Node {
  const [value] = observer.args;
  if (isNodeRef(value)) return index.get(value.node);
  throw unobserved(observer, layer, value === undefined ? 'IndexError' : 'AttributeError');
}

/** It takes the layer's input for an observer, which it is not: PyTorch observes nothing there. */
const unobserved = ({ name }: Node, layer: Node, error: string): GraphError =>
  new GraphError(
    `PyTorch 1.13.1 stops here: it observes no range of '${name}', which '${layer.name}' reads, and looks for that observer when it equalizes (${error}). Leave '${layer.name}' out of equalization, or choose Exact semantics, which observes '${name}'.`,
    name,
  );

/** `convert_eq_obs`, first branch. */
function convertEqualizationObserver(
  model: ObservedModel,
  index: GraphIndex,
  work: Equalization,
  node: Node,
  entry: PyTorchScale,
  following: FollowingScales,
): void {
  const [observed] = work.node(node.name).args;
  const observer = isNodeRef(observed) ? work.node(observed.node) : null;
  if (!observer) return;
  const previous = nodeBefore(index, observer, entry.layer.node);
  const { layer, scale, stats } = entry;
  const shared = { layer: layer.node.name, scale, input: stats, rule: 'input-weight' };
  if (isTakenForLayer(model, index, previous)) {
    work.remove(node.name, observer.name);
    const taker = [...following].find(([, { observer }]) => observer === node.name)?.[0];
    const dropped = taker === undefined && scale.values.some((factor) => factor !== 1);
    const bias = taker === undefined ? null : unscaledBias(index, index.get(taker));
    const producers = [previous.name];
    work.decisions.push({ ...shared, decision: 'fold', producers, dropped, unscaledBias: bias });
    return;
  }
  if (observer.op !== 'call_module') throw unobserved(observer, entry.layer.node, 'KeyError');
  if (!entry.isOne)
    setSharedRange(
      model,
      work,
      observer.name,
      observer.target,
      overallRange(scaleRange(stats, scale.values)),
    );
  const mul = insertMul(work, previous.name, observer.name, entry);
  work.rewire(observer.name, previous.name, mul);
  work.remove(node.name, observer.name);
  work.decisions.push({ ...shared, decision: 'mul', mul, reason: null });
}

/** Of shape `[1, C]` for a matrix, `[1, C, 1]` for three axes: PyTorch scales axis 1 (`equalization_shape`). */
function insertMul(
  work: Equalization,
  value: NodeName,
  observer: NodeName,
  { scale, stats, isOne, formula }: PyTorchScale,
): NodeName {
  if (isOne) return work.insertMul(value, observer, Float32Array.of(1), [], 'PyTorch keeps torch.tensor(1)');
  const shape = Array.from({ length: stats.rank }, (_, axis) => (axis === 1 ? scale.values.length : 1));
  return work.insertMul(value, observer, scale.values, shape, formula);
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
  if (model.observers[root]?.kind !== 'fixed') work.activations.setRootRange({ node, module: root, range });
}
