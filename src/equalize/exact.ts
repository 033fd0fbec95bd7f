import { GraphError } from '../graph/errors';
import { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { firstInput } from '../graph/node';
import { asFloat, sizeOf } from '../graph/tensor';
import type { ChannelStats } from '../quant/channelStats';
import { channelShape, groupsOf, inputChannels } from '../quant/layerAxes';
import { type ObservedModel, overallRange } from '../quant/observer';
import type { ScaledRange } from './activationObservers';
import { dropEarlierObservers } from './earlierObserver';
import { type EqualizationConfig, eligibleLayers } from './eligibility';
import { Equalization, type EqualizeResult } from './equalization';
import { formulaText } from './formula';
import { type Consumer, findRegions, type Region, type ScaledObserver } from './regions';
import {
  type ChannelRange,
  calculateEqualizationScale,
  type EqualizationScale,
  scaleRange,
  widestRange,
} from './scale';
import { columnRange } from './weight';

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
 * region (`regions.ts`); every observer behind a scaled value gets the scaled range. `float` is the model before
 * observers, for the layers that were left alone and why.
 */
export function equalizeExact(
  float: Model,
  model: ObservedModel,
  config: EqualizationConfig,
): EqualizeResult {
  const work = new Equalization(model);
  const index = new GraphIndex(model.graph);
  const plans = findRegions(model).map((region) => planRegion(model, region));
  for (const plan of plans) {
    if (plan.scale.values.some(isFelt)) applyPlan(model, index, work, plan);
    else leaveAlone(model, work, plan);
  }
  work.decideSkipped(eligibleLayers(float, config, model.qconfigs));
  return work.result();
}

const statsOf = (model: ObservedModel, consumer: Consumer): ChannelStats | null =>
  model.equalizationObservers[consumer.observer]?.channels ?? null;

/** One scale for all layers of the region: widest input range against widest weight range, per column. */
function planRegion(model: ObservedModel, region: Region): Plan {
  const stats = region.consumers.map((consumer) => statsOf(model, consumer));
  const known = stats.filter((s) => s !== null);
  const [first] = known;
  const [consumer] = region.consumers;
  if (!first || known.length < stats.length)
    throw new GraphError(
      `The input of '${consumer?.layer.node.name}' was not observed: calibrate before equalizing.`,
    );
  const input = widestRange(known);
  const weight = widestRange(region.consumers.map((consumer) => weightRange(model, consumer)));
  const nonFinite = first.nonFinite.map((_, c) => known.reduce((sum, s) => sum + (s.nonFinite[c] ?? 0), 0));
  const scale = calculateEqualizationScale(input, weight, nonFinite);
  return { region, input, scale, formula: formulaText(scale, input, weight) };
}

function weightRange(model: ObservedModel, { layer }: Consumer): ChannelRange {
  const { weight } = layer.call.attrs;
  return columnRange(asFloat(model.params[weight], weight), groupsOf(layer.call));
}

function applyPlan(model: ObservedModel, index: GraphIndex, work: Equalization, plan: Plan): void {
  const { region, scale } = plan;
  const producer = region.placement === 'fold' ? region.producer.node.name : null;
  const mul =
    region.placement === 'fold'
      ? fold(model, work, plan, region)
      : insertMul(model, index, work, plan, region);
  for (const consumer of region.consumers) {
    work.divideColumns(consumer.layer, scale.values);
    work.weights.reset(consumer.layer.node);
    work.weights.removeEqualization(consumer.layer.node);
    const shared = { layer: consumer.layer.node.name, scale, input: statsOf(model, consumer) };
    if (producer !== null) work.decisions.push({ ...shared, decision: 'fold', producer, dropped: false });
    else if (mul !== null && region.placement === 'mul')
      work.decisions.push({ ...shared, decision: 'mul', mul, reason: region.reason });
  }
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
    const layer = node.name;
    work.decisions.push({ layer, decision: 'skip', reason, scale, input: statsOf(model, consumer) });
    work.weights.removeEqualization(node);
  }
  for (const name of equalizationObserversOf(region)) removeObserver(work, name);
}

/** The producer's rows take the scale; observers on the way get the scaled range. */
function fold(
  model: ObservedModel,
  work: Equalization,
  { scale, formula }: Plan,
  region: Region & { placement: 'fold' },
): null {
  const readers = region.consumers.map((consumer) => consumer.layer.node.name).join(', ');
  work.multiplyRows(region.producer, scale.values, `${readers} (${formula})`);
  work.weights.reset(region.producer.node);
  const ranges = region.observers.map((observer) => scaledRange(model, observer, scale));
  work.activations.setRegionRanges(ranges);
  for (const name of equalizationObserversOf(region)) removeObserver(work, name);
  return null;
}

function scaledRange(
  model: ObservedModel,
  { node, module, axis }: ScaledObserver,
  { values }: EqualizationScale,
): ScaledRange {
  const channels = model.observers[module]?.channels;
  if (channels?.min.length !== values.length)
    throw new GraphError(
      `internal: '${node}' saw ${channels?.min.length ?? 'no'} channels along axis ${axis}, and there are ${values.length} scales.`,
      node,
    );
  return { node, module, range: overallRange(scaleRange(channels, values)) };
}

/**
 * The tensor is multiplied in front of the region's layers. Its observer moves behind the mul when nothing else
 * reads it; otherwise the layers get an observer of their own and the other readers keep what they had.
 */
function insertMul(
  model: ObservedModel,
  index: GraphIndex,
  work: Equalization,
  plan: Plan,
  region: Region & { placement: 'mul' },
): NodeName | null {
  const { scale, input, formula } = plan;
  const range = overallRange(scaleRange(input, scale.values));
  const [consumer] = region.consumers;
  const shape = consumer ? channelShape(consumer.layer.call, scale.values.length) : [];
  let mul: NodeName | null = null;
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
