import { type LayerDecision, reasonOf } from '../../equalize/decision';
import type { SemanticsDifference } from '../comparisonView';
import { areClose, type BothRuns, spanText } from './semanticsDifference';

/** Layers that the two semantics treat differently: fold, mul or skip, a scale that PyTorch drops, another scale. */
export function decisionDifferences({ exact, pytorch }: BothRuns): readonly SemanticsDifference[] {
  const theirs = new Map(pytorch.equalized.decisions.map((decision) => [decision.layer, decision]));
  return exact.equalized.decisions.flatMap((ours) => {
    const other = theirs.get(ours.layer);
    if (!other || sameDecision(ours, other)) return [];
    const scales = !areClose(scaleOf(ours), scaleOf(other));
    return [
      {
        node: ours.layer,
        also: [],
        layer: ours.layer,
        exact: decisionText('Exact', ours, scales),
        pytorch: decisionText('PyTorch', other, scales),
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

function decisionText(who: string, decision: LayerDecision, scalesDiffer: boolean): string {
  const values = scaleOf(decision);
  const scale = scalesDiffer && values ? ` (${spanText(values)})` : '';
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
