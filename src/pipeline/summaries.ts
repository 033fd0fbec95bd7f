import { counted as count } from '../equalize/counted';
import type { LayerDecision } from '../equalize/decision';
import type { Comparison } from '../exec/comparison';
import type { Dataset } from '../formats/dataset';
import type { Model } from '../graph/model';
import type { ObservedModel } from '../quant/observer';
import { layerNodes } from '../quant/weightUse';
import type { ProvenRegion } from './provenRegions';
import type { Semantics } from './settings';

/** Above this, the float model has changed and `exact` has failed its promise. */
export const MAX_FLOAT_ERROR = 1e-4;

const grouped = (number: number): string => number.toLocaleString('en-US');
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const errorText = (error: number): string => (error === 0 ? '0' : error.toExponential(1));

/** `31.2 dB`; `exact` when nothing differs. */
export function decibels(value: number | null): string {
  if (value === null) return '–';
  if (value === Number.POSITIVE_INFINITY) return 'exact';
  return Number.isFinite(value) ? `${value.toFixed(1)} dB` : 'broken';
}

/** `7 ops, 3 convolutions, 1 Linear layer`. */
export function loadSummary(model: Model): string {
  const calls = model.graph.nodes.filter((node) => node.op.startsWith('call_')).length;
  const layers = layerNodes(model);
  const convolutions = layers.filter(({ call }) => call.op !== 'linear').length;
  const linears = layers.length - convolutions;
  const parts = [count(calls, 'op')];
  if (convolutions > 0) parts.push(count(convolutions, 'convolution'));
  if (linears > 0 || convolutions === 0) parts.push(count(linears, 'Linear layer'));
  return parts.join(', ');
}

/** `+6 observers, +2 equalization, 2 fused`: of nodes that became a part of a layer before them, batch norms too, `fused`. */
export function prepareSummary(model: ObservedModel, fused: number): string {
  const observers = Object.keys(model.observers).length;
  const equalization = Object.keys(model.equalizationObservers).length;
  const parts = [`+${count(observers, 'observer')}`, `+${grouped(equalization)} equalization`];
  return (fused > 0 ? [...parts, `${grouped(fused)} fused`] : parts).join(', ');
}

export const calibrateSummary = (samples: number, batches: number): string =>
  `${count(samples, 'sample')} in ${batches === 1 ? '1 batch' : `${grouped(batches)} batches`}`;

/** NaN and infinite values that calibration met and left out of the ranges. */
export function nonFiniteWarning(model: ObservedModel): string | null {
  const bad = Object.entries(model.observers).flatMap(([name, observer]) => {
    const total = observer.channels?.nonFinite.reduce((sum, value) => sum + value, 0) ?? 0;
    return total > 0 ? [{ name, total }] : [];
  });
  const [first] = bad;
  if (!first) return null;
  return `${first.name} saw ${count(first.total, 'NaN or infinite value')}; they are left out of the ranges, and such columns keep scale 1.`;
}

/** Stands with every figure that was found on made-up data. */
export const GENERATED_WARNING = 'Calibrated on generated data: ranges and figures say little of real data.';

/** The step, with a warning where its data was made up. */
export const withDataWarning = <S extends { readonly warning: string | null }>(
  step: S,
  data: Dataset | null,
): S =>
  data?.origin?.kind === 'generated'
    ? { ...step, warning: [GENERATED_WARNING, step.warning].filter((text) => text !== null).join(' ') }
    : step;

/** Summary, warning and verdict of the equalize step. Nothing compared is nothing proven. */
export function equalizeReport(
  decisions: readonly LayerDecision[],
  check: Comparison,
  regions: readonly ProvenRegion[],
  semantics: Semantics,
) {
  const number = (kind: LayerDecision['decision']) => decisions.filter((d) => d.decision === kind).length;
  const muls = new Set(decisions.flatMap((d) => (d.decision === 'mul' ? [d.mul] : []))).size;
  const parts = [`${number('fold')} folded`, count(muls, 'mul')];
  if (number('skip') > 0) parts.push(`${number('skip')} skipped`);
  const problem = floatProblem(check, regions, semantics);
  const error = check.compared === 0 ? 'not measured' : errorText(check.maxRelError);
  const leftOut = check.excluded > 0 ? ` (${count(check.excluded, 'non-finite output')} left out)` : '';
  return {
    summary: `${parts.join(', ')}; float error ${error}${leftOut}`,
    warning: problem ?? joined(absorptionWarning(decisions), neutralWarning(decisions)),
    failed: problem !== null && semantics === 'exact',
    functionChanged: check.compared > 0 && check.maxRelError > MAX_FLOAT_ERROR,
  };
}

/** What is wrong with the float model after equalization, in the words for the page; null when nothing is. */
function floatProblem(
  check: Comparison,
  regions: readonly ProvenRegion[],
  semantics: Semantics,
): string | null {
  if (check.compared === 0)
    return `The float models could not be compared: all ${check.excluded} outputs are NaN or infinite on this data. Calibrate with finite data.`;
  const worst = worstRegion(regions);
  if (check.maxRelError <= MAX_FLOAT_ERROR && (semantics === 'pytorch' || !worst)) return null;
  const error = errorText(
    Math.max(check.maxRelError, semantics === 'pytorch' ? 0 : (worst?.maxRelError ?? 0)),
  );
  const where = worst ? ` It begins in the region of ${worst.layers.join(', ')}.` : '';
  return semantics === 'pytorch'
    ? `PyTorch changes this model's function here: relative error ${error}. Exact semantics keeps it.`
    : `The float model changed: relative error ${error} is above ${MAX_FLOAT_ERROR}.${where} Do not use this result; choose other layers.`;
}

/** The first region, in graph order, whose layers do not compute what they did. */
const worstRegion = (regions: readonly ProvenRegion[]): ProvenRegion | null =>
  regions.find(({ maxRelError }) => (maxRelError ?? 0) > MAX_FLOAT_ERROR) ?? null;

/** The check runs on the data whose lowest values were absorbed: it cannot see what lies below them. */
function absorptionWarning(decisions: readonly LayerDecision[]): string | null {
  const byProducer = new Map<string, number>();
  for (const d of decisions)
    if (d.decision === 'fold') byProducer.set(d.producers.join(' '), d.absorbedChannels ?? 0);
  const total = [...byProducer.values()].reduce((sum, channels) => sum + channels, 0);
  if (total === 0) return null;
  const biases = total === 1 ? '1 high bias' : `${total} high biases`;
  return `${biases} moved behind: the float function is the same only where those values fall no lower than on the calibration data.`;
}

function neutralWarning(decisions: readonly LayerDecision[]): string | null {
  const layers = decisions.filter((d) => d.decision !== 'skip' && (d.scale?.neutral.length ?? 0) > 0);
  const [first] = layers;
  if (!first) return null;
  const columns = layers.reduce((sum, d) => sum + (d.scale?.neutral.length ?? 0), 0);
  const rest = layers.length > 1 ? ` and ${count(layers.length - 1, 'other layer')}` : '';
  const keep = columns === 1 ? 'keeps' : 'keep';
  return `${count(columns, 'column')} without a usable range ${keep} scale 1 (${first.layer}${rest}).`;
}

/** `int8 SQNR 27.5 → 34.8 dB; accuracy 98.0 → 98.1 %, float 98.3 %`: plain int8, then equalized. */
export function convertSummary(
  outputs: { readonly plain: Comparison; readonly equalized: Comparison },
  accuracy: { readonly float: number; readonly plain: number; readonly equalized: number } | null,
): string {
  const sqnr = `int8 SQNR ${decibels(outputs.plain.sqnr)} → ${decibels(outputs.equalized.sqnr)}`;
  if (!accuracy) return sqnr;
  const [float, plain, equalized] = [accuracy.float, accuracy.plain, accuracy.equalized].map(percent);
  return `${sqnr}; accuracy ${plain} → ${equalized}, float ${float}`;
}

/** Remarks in one text; null when there are none. */
export const joined = (...remarks: readonly (string | null)[]): string | null =>
  remarks.filter((remark) => remark !== null).join(' ') || null;
