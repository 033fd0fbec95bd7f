import { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { firstInput } from '../graph/node';
import { sizeOf } from '../graph/tensor';
import { channelShape, inputChannels } from '../quant/layerAxes';
import { type ObservedModel, overallRange } from '../quant/observer';
import { type LayerNode, layerNodes } from '../quant/weightUse';
import type { Before } from './before';
import { type Absorption, absorption } from './biasAbsorption';
import type { LayerDecision, SkipReason } from './decision';
import { dropEarlierObservers } from './earlierObserver';
import { type EqualizationConfig, eligibleLayers } from './eligibility';
import { Equalization, type EqualizeResult } from './equalization';
import { foldScale, raiseBiases } from './fold';
import type { Plan, ScalePlan } from './plan';
import type { MulPlacement, Placement } from './regions/regions';
import { classRanges, statsOf } from './rules/classRanges';
import { type EqualizationScale, scaleOf, scaleRange } from './scale';

/**
 * Equalization that keeps the float function on every graph:
 *
 *     x → obs → eq_obs → fc1 → obs → eq_obs → fc2
 *     becomes
 *     x → mul(s1) → obs' → fc1 (columns / s1, rows · s2) → obs' → fc2 (columns / s2)
 *
 * All scales come from the weights and ranges as calibrated and are then applied, whatever rule made them: `plans` has
 * one for every layer to equalize, once. Every observer behind a scaled value gets the scaled range. `float` is the model
 * before observers, for the layers that were left alone and why.
 */
export function equalizeExact(
  float: Model,
  model: ObservedModel,
  config: EqualizationConfig,
  plans: readonly Plan[],
): EqualizeResult {
  const work = applied(model, plans);
  work.decideSkipped(eligibleLayers(float, config, model.qconfigs));
  return work.result();
}

/** What plans make of a model, whichever of its layers they are for: the others keep their observers. */
export const applyPlans = (model: ObservedModel, plans: readonly Plan[]): EqualizeResult =>
  applied(model, plans).result();

function applied(model: ObservedModel, plans: readonly Plan[]): Equalization {
  const work = new Equalization(model);
  const index = new GraphIndex(model.graph);
  const layers = new Map(layerNodes(model, index).map((layer) => [layer.node.name, layer]));
  const before: Before = { model, index, layers };
  for (const plan of plans) {
    if ('skip' in plan) leaveAlone(model, work, plan.placement, () => plan.skip);
    else applyScales(before, work, plan);
  }
  return work;
}

function applyScales(before: Before, work: Equalization, plan: ScalePlan): void {
  const absorbed = absorbedBy(before, plan);
  if (absorbed || plan.scale.values.some(isFelt)) applyPlan(before, work, plan, absorbed);
  else leaveUnscaled(before.model, work, plan);
}

function applyPlan(before: Before, work: Equalization, plan: ScalePlan, absorbed: Absorption | null): void {
  const { placement, scale } = plan;
  const placed = place(before, work, plan, absorbed);
  for (const consumer of placement.consumers) {
    const own = scaleOf(scale, consumer.classes);
    work.divideColumns(consumer.layer, own.values);
    work.weights.reset(consumer.layer.node);
    work.weights.removeEqualization(consumer.layer.node);
    const layer = consumer.layer.node.name;
    work.decisions.push({ layer, scale: own, input: statsOf(before.model, consumer), ...placed });
  }
  if (absorbed && placement.placement === 'fold') raiseBiases(work, placement, absorbed);
}

/** What the layers behind take over from the bias before; null where nothing is asked for or can be. */
function absorbedBy(before: Before, { placement, scale, absorbs }: ScalePlan): Absorption | null {
  const found =
    absorbs && placement.placement === 'fold' ? absorption(before, placement, scale.values) : null;
  return found?.amounts.some((amount) => amount > 0) ? found : null;
}

type Placed =
  | Pick<
      LayerDecision & { decision: 'fold' },
      'decision' | 'producers' | 'dropped' | 'absorbedChannels' | 'rule'
    >
  | Pick<LayerDecision & { decision: 'mul' }, 'decision' | 'mul' | 'reason' | 'rule'>;

function place(before: Before, work: Equalization, plan: ScalePlan, absorbed: Absorption | null): Placed {
  const { placement, scale, formula, rule } = plan;
  if (placement.placement === 'mul') {
    const reason = plan.reason ?? placement.reason;
    return { decision: 'mul', mul: insertMul(before, work, plan, placement), reason, rule };
  }
  const readers = placement.consumers.map((consumer) => consumer.layer.node.name).join(', ');
  const producers = foldScale(before, work, placement, scale.values, `${readers} (${formula})`, absorbed);
  for (const name of equalizationObserversOf(placement)) removeObserver(work, name);
  const absorbedChannels = absorbed?.amounts.filter((amount) => amount > 0).length ?? 0;
  return { decision: 'fold', producers, dropped: false, absorbedChannels, rule };
}

/** A scale that moves a range by less than this changes no int8 level that matters. */
const isFelt = (scale: number): boolean => Math.abs(scale - 1) > 1e-3;

/** A placement whose every scale is 1, or as good as 1, needs no rewrite. */
function leaveUnscaled(model: ObservedModel, work: Equalization, { placement, scale }: ScalePlan): void {
  const balanced = scale.neutral.length < scale.values.length;
  leaveAlone(
    model,
    work,
    placement,
    ({ call }) => {
      const columns = inputChannels(call);
      const weights = sizeOf(model.params[call.attrs.weight]?.shape ?? []) / columns;
      if (balanced) return { kind: 'balanced' };
      return scale.neutral.every(({ reason }) => reason === 'non-finite')
        ? { kind: 'non-finite', columns }
        : { kind: 'no-range', columns, weights };
    },
    scale,
  );
}

/** The equalization observers just go. */
function leaveAlone(
  model: ObservedModel,
  work: Equalization,
  placement: Placement,
  reason: (layer: LayerNode) => SkipReason,
  scale: EqualizationScale | null = null,
): void {
  for (const consumer of placement.consumers) {
    const { node } = consumer.layer;
    const own = scale && scaleOf(scale, consumer.classes);
    work.decisions.push({
      layer: node.name,
      decision: 'skip',
      reason: reason(consumer.layer),
      scale: own,
      input: statsOf(model, consumer),
    });
    work.weights.removeEqualization(node);
  }
  for (const name of equalizationObserversOf(placement)) removeObserver(work, name);
}

/**
 * The tensor is multiplied in front of the region's layers. Its observer moves behind the mul when nothing else
 * reads it; otherwise the layers get an observer of their own and the other readers keep what they had.
 */
function insertMul(
  { model, index }: Before,
  work: Equalization,
  { scale, formula }: ScalePlan,
  placement: MulPlacement,
): NodeName {
  const [consumer] = placement.consumers;
  const range = overallRange(scaleRange(classRanges(model, placement).input, scale.values));
  const shape = consumer ? channelShape(consumer.layer.call, scale.values.length) : [];
  let mul = placement.tensor;
  for (const equalizationObserver of equalizationObserversOf(placement)) {
    const observed = firstInput(work.node(equalizationObserver));
    if (observed === null) continue;
    const observer = work.node(observed);
    const onlyReader = work.users(observer.name).length === 1;
    const before = onlyReader ? observer.name : equalizationObserver;
    mul = work.insertMul(placement.tensor, before, scale.values, shape, formula);
    if (onlyReader && observer.op === 'call_module') {
      work.rewire(observer.name, placement.tensor, mul);
      work.activations.setRange({ node: observer.name, module: observer.target, range });
      work.remove(equalizationObserver, observer.name);
    } else {
      work.remove(equalizationObserver, work.activations.insert(mul, equalizationObserver, range));
    }
  }
  dropEarlierObservers(model, index, work, placement.tensor);
  return mul;
}

const equalizationObserversOf = (placement: Placement): ReadonlySet<NodeName> =>
  new Set(placement.consumers.map((consumer) => consumer.observerNode));

function removeObserver(work: Equalization, name: NodeName): void {
  const input = firstInput(work.node(name));
  if (input !== null) work.remove(name, input);
}
