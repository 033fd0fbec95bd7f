import type { LayerDecision } from '../equalize/decision';
import type { Comparison } from '../exec/comparison';

/** Layers that share their scales, and how far equalization moved their float outputs on calibration data. */
export interface ProvenRegion {
  readonly layers: readonly string[];
  readonly decision: 'fold' | 'mul';
  /** What made the scales, as the page names it. */
  readonly rule: string;
  /** The largest over the layers: |before − after| ÷ the largest |before|; null where nothing could be compared. */
  readonly maxRelError: number | null;
}

/** The regions that were scaled, in graph order. `errors`: by layer, its output against the original float model's. */
export function provenRegions(
  decisions: readonly LayerDecision[],
  errors: ReadonlyMap<string, Comparison>,
): readonly ProvenRegion[] {
  const regions = new Map<string, LayerDecision[]>();
  for (const decision of decisions) {
    if (decision.decision === 'skip') continue;
    const key = decision.decision === 'mul' ? decision.mul : decision.producers.join(' ');
    regions.set(key, [...(regions.get(key) ?? []), decision]);
  }
  return [...regions.values()].flatMap((members) => {
    const [first] = members;
    if (!first || first.decision === 'skip') return [];
    const layers = members.map(({ layer }) => layer);
    const compared = layers.flatMap((layer) => comparedOf(errors, layer) ?? []);
    const maxRelError = compared.length < layers.length ? null : Math.max(...compared);
    return [{ layers, decision: first.decision, rule: first.rule, maxRelError }];
  });
}

/** The error at a layer's output; null where every value of it is NaN or infinite, so that nothing is known. */
function comparedOf(errors: ReadonlyMap<string, Comparison>, layer: string): number | null {
  const found = errors.get(layer);
  if (!found) throw new Error(`internal: the output of '${layer}' was not compared.`);
  return found.compared === 0 ? null : found.maxRelError;
}
