import { type LayerDecision, reasonOf } from '../../equalize/decision';
import type { SemanticsDifference } from '../comparisonView';
import { areClose, type BothRuns, short, spanText } from './semanticsDifference';

/** Layers that the two semantics treat differently: fold, mul or skip, a scale that PyTorch drops, another scale. */
export function decisionDifferences({ exact, pytorch }: BothRuns): readonly SemanticsDifference[] {
  const theirs = new Map(pytorch.equalized.decisions.map((decision) => [decision.layer, decision]));
  return exact.equalized.decisions.flatMap((ours) => {
    const other = theirs.get(ours.layer);
    if (!other || sameDecision(ours, other)) return [];
    const scales = scaleTexts(scaleOf(ours), scaleOf(other));
    return [
      {
        node: ours.layer,
        also: [],
        layer: ours.layer,
        exact: decisionText('Exact', ours, scales.ours),
        pytorch: decisionText('PyTorch', other, scales.other),
      },
    ];
  });
}

/** The scale that the layer's columns were divided by; none where it was left alone. */
const scaleOf = (decision: LayerDecision): Float32Array | undefined =>
  decision.decision === 'skip' ? undefined : decision.scale?.values;

const isDropped = (decision: LayerDecision): boolean => decision.decision === 'fold' && decision.dropped;

function sameDecision(a: LayerDecision, b: LayerDecision): boolean {
  return a.decision === b.decision && isDropped(a) === isDropped(b) && areClose(scaleOf(a), scaleOf(b));
}

/** What is said of two scales, so that it tells them apart: their spans, or the column in which they differ most. */
function scaleTexts(ours: Float32Array | undefined, other: Float32Array | undefined) {
  const text = (scale: Float32Array | undefined) => (scale ? ` (${spanText(scale)})` : '');
  if (areClose(ours, other)) return { ours: '', other: '' };
  if (!ours || !other || text(ours) !== text(other)) return { ours: text(ours), other: text(other) };
  const ratios = Array.from(ours, (value, column) => Math.abs(Math.log(value / (other[column] ?? value))));
  const column = ratios.indexOf(Math.max(...ratios));
  const of = (scale: Float32Array) => ` (column ${column}: ${short(scale[column] ?? Number.NaN)})`;
  return { ours: of(ours), other: of(other) };
}

/** `scale` says how large it is, where the other semantics' is not the same. */
function decisionText(who: string, decision: LayerDecision, scale: string): string {
  const { layer } = decision;
  if (decision.decision === 'mul') {
    return `${who} multiplies what ${layer} reads by its scale${scale}. ${reasonOf(decision)}`;
  }
  if (decision.decision === 'skip') {
    const why = reasonOf(decision);
    return why.startsWith(who) ? why : `${who} leaves ${layer} unscaled. ${why}`;
  }
  return decision.dropped
    ? `${who} divides the columns of ${layer} by its scale${scale} and expects ${decision.producers.join(' and ')} to multiply by it, but nothing does: the model's function changes.`
    : `${who} folds the scale of ${layer}${scale} into the rows of ${decision.producers.join(' and ')}: no run-time cost.`;
}
