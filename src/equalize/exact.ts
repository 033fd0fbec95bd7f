import { GraphError } from '../graph/errors';
import { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { firstInput } from '../graph/node';
import { asFloat, sizeOf } from '../graph/tensor';
import type { ChannelStats } from '../quant/channelStats';
import { channelShape, groupsOf, inputChannels } from '../quant/layerAxes';
import { type ObservedModel, overallRange } from '../quant/observer';
import { layerNodes } from '../quant/weightUse';
import type { LayerDecision } from './decision';
import { dropEarlierObservers } from './earlierObserver';
import { type EqualizationConfig, eligibleLayers } from './eligibility';
import { Equalization, type EqualizeResult } from './equalization';
import { type Before, foldScale } from './fold';
import { formulaText } from './formula';
import { type Consumer, findRegions, type MulRegion, type Region } from './regions/regions';
import {
  type ChannelRange,
  calculateEqualizationScale,
  type EqualizationScale,
  scaleOf,
  scaleRange,
  widestRange,
} from './scale';
import { columnRange } from './weight';

/** A region with one scale for each class of its channels. */
interface Plan {
  readonly region: Region;
  readonly input: ChannelRange;
  readonly scale: EqualizationScale;
  readonly formula: string;
}

/**
 * Input-weight equalization that keeps the float function on every graph:
 *
 *     x → obs → eq_obs → fc1 → obs → eq_obs → fc2
 *     becomes
 *     x → mul(s1) → obs' → fc1 (columns / s1, rows · s2) → obs' → fc2 (columns / s2)
 *
 * All scales are computed from the weights and ranges as calibrated, then applied. Where a scale goes is decided by
 * region (`regions/regions.ts`); every observer behind a scaled value gets the scaled range. `float` is the model
 * before observers, for the layers that were left alone and why.
 */
export function equalizeExact(
  float: Model,
  model: ObservedModel,
  config: EqualizationConfig,
): EqualizeResult {
  const work = new Equalization(model);
  const index = new GraphIndex(model.graph);
  const before: Before = {
    model,
    index,
    layers: new Map(layerNodes(model, index).map((layer) => [layer.node.name, layer])),
  };
  const plans = findRegions(model).map((region) => planRegion(model, region));
  for (const plan of plans) {
    if (plan.scale.values.some(isFelt)) applyPlan(before, work, plan);
    else leaveAlone(model, work, plan);
  }
  work.decideSkipped(eligibleLayers(float, config, model.qconfigs));
  return work.result();
}

function statsOf(model: ObservedModel, { layer, observer }: Consumer): ChannelStats {
  const stats = model.equalizationObservers[observer]?.channels;
  if (stats) return stats;
  throw new GraphError(
    `The input of '${layer.node.name}' was not observed: calibrate before equalizing.`,
    layer.node.name,
  );
}

/** One scale for each class of channels: widest input range against widest weight range of all its layers. */
function planRegion(model: ObservedModel, region: Region): Plan {
  const { consumers, classes: count } = region;
  const inputs = consumers.map((consumer) => ({ ...consumer, range: statsOf(model, consumer) }));
  const weights = consumers.map((consumer) => ({ ...consumer, range: weightRange(model, consumer) }));
  const nonFinite = new Float64Array(count);
  for (const { classes, range } of inputs)
    classes.forEach((k, c) => {
      nonFinite[k] = (nonFinite[k] ?? 0) + (range.nonFinite[c] ?? 0);
    });
  const input = widestRange(count, inputs);
  const weight = widestRange(count, weights);
  const scale = calculateEqualizationScale(input, weight, nonFinite);
  const [first] = consumers;
  const formula = first ? formulaText(scale, input, weight, first.classes) : '';
  return { region, input, scale, formula };
}

function weightRange(model: ObservedModel, { layer }: Consumer): ChannelRange {
  const { weight } = layer.call.attrs;
  return columnRange(asFloat(model.params[weight], weight), groupsOf(layer.call));
}

function applyPlan(before: Before, work: Equalization, plan: Plan): void {
  const { region, scale } = plan;
  const placed = place(before, work, plan);
  for (const consumer of region.consumers) {
    const own = scaleOf(scale, consumer.classes);
    work.divideColumns(consumer.layer, own.values);
    work.weights.reset(consumer.layer.node);
    work.weights.removeEqualization(consumer.layer.node);
    const layer = consumer.layer.node.name;
    work.decisions.push({ layer, scale: own, input: statsOf(before.model, consumer), ...placed });
  }
}

type Placed =
  | Pick<LayerDecision & { decision: 'fold' }, 'decision' | 'producers' | 'dropped'>
  | Pick<LayerDecision & { decision: 'mul' }, 'decision' | 'mul' | 'reason'>;

function place(before: Before, work: Equalization, plan: Plan): Placed {
  const { region, scale, formula } = plan;
  if (region.placement === 'mul')
    return { decision: 'mul', mul: insertMul(before, work, plan, region), reason: region.reason };
  const readers = region.consumers.map((consumer) => consumer.layer.node.name).join(', ');
  const producers = foldScale(before, work, region, scale.values, `${readers} (${formula})`);
  for (const name of equalizationObserversOf(region)) removeObserver(work, name);
  return { decision: 'fold', producers, dropped: false };
}

/** A scale that moves a range by less than this changes no int8 level that matters. */
const isFelt = (scale: number): boolean => Math.abs(scale - 1) > 1e-3;

/** A region whose every scale is 1, or as good as 1, needs no rewrite: its equalization observers just go. */
function leaveAlone(model: ObservedModel, work: Equalization, { region, scale }: Plan): void {
  for (const consumer of region.consumers) {
    const { node, call } = consumer.layer;
    const columns = inputChannels(call);
    const weights = sizeOf(model.params[call.attrs.weight]?.shape ?? []) / columns;
    const balanced = scale.neutral.length < scale.values.length;
    const reason = balanced
      ? ({ kind: 'balanced' } as const)
      : ({ kind: 'no-range', columns, weights } as const);
    const own = scaleOf(scale, consumer.classes);
    const input = statsOf(model, consumer);
    work.decisions.push({ layer: node.name, decision: 'skip', reason, scale: own, input });
    work.weights.removeEqualization(node);
  }
  for (const name of equalizationObserversOf(region)) removeObserver(work, name);
}

/**
 * The tensor is multiplied in front of the region's layers. Its observer moves behind the mul when nothing else
 * reads it; otherwise the layers get an observer of their own and the other readers keep what they had.
 */
function insertMul(
  { model, index }: Before,
  work: Equalization,
  { scale, input, formula }: Plan,
  region: MulRegion,
): NodeName {
  const range = overallRange(scaleRange(input, scale.values));
  const [consumer] = region.consumers;
  const shape = consumer ? channelShape(consumer.layer.call, scale.values.length) : [];
  let mul = region.tensor;
  for (const equalizationObserver of equalizationObserversOf(region)) {
    const observed = firstInput(work.node(equalizationObserver));
    if (observed === null) continue;
    const observer = work.node(observed);
    const onlyReader = work.users(observer.name).length === 1;
    const before = onlyReader ? observer.name : equalizationObserver;
    mul = work.insertMul(region.tensor, before, scale.values, shape, formula);
    if (onlyReader && observer.op === 'call_module') {
      work.rewire(observer.name, region.tensor, mul);
      work.activations.setRange({ node: observer.name, module: observer.target, range });
      work.remove(equalizationObserver, observer.name);
    } else {
      work.remove(equalizationObserver, work.activations.insert(mul, equalizationObserver, range));
    }
  }
  dropEarlierObservers(model, index, work, region.tensor);
  return mul;
}

const equalizationObserversOf = (region: Region): ReadonlySet<NodeName> =>
  new Set(region.consumers.map((consumer) => consumer.observerNode));

function removeObserver(work: Equalization, name: NodeName): void {
  const input = firstInput(work.node(name));
  if (input !== null) work.remove(name, input);
}
