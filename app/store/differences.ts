import type { ComparisonOutcome, SemanticsDifference, StepName, StudioView } from '../../src/index';
import { STEPS } from './vocabulary';

/** Every node that stands for a place where the semantics differ, looked up once per comparison. */
const places = new WeakMap<ComparisonOutcome, ReadonlyMap<string, readonly SemanticsDifference[]>>();

const NONE: readonly SemanticsDifference[] = [];

const placesOf = (outcome: ComparisonOutcome): ReadonlyMap<string, readonly SemanticsDifference[]> => {
  const known = places.get(outcome);
  if (known !== undefined) return known;
  const found = new Map<string, readonly SemanticsDifference[]>();
  for (const difference of outcome.kind === 'compared' ? outcome.comparison.differences : [])
    for (const node of new Set([difference.node, ...difference.also]))
      found.set(node, [...(found.get(node) ?? []), difference]);
  places.set(outcome, found);
  return found;
};

/** Where the semantics differ at this node; the same list as long as the comparison stands. */
export const differencesAt = (
  { comparison }: Pick<StudioView, 'comparison'>,
  node: string,
): readonly SemanticsDifference[] => (comparison === null ? NONE : (placesOf(comparison).get(node) ?? NONE));

/** The two semantics go the same way until `equalize`: earlier graphs wear no marks. */
export const isMarked = (view: Pick<StudioView, 'comparison'>, shown: StepName, node: string): boolean =>
  STEPS.indexOf(shown) >= STEPS.indexOf('equalize') && differencesAt(view, node).length > 0;

/** Where to look at a difference: in the shown graph if it can be, else in the equalized one, else anywhere. */
export function placeOf(
  view: Pick<StudioView, 'steps'>,
  shown: StepName,
  { node, also }: SemanticsDifference,
): { readonly step: StepName; readonly node: string } | null {
  for (const step of [shown, 'equalize', ...STEPS] as const) {
    const names = new Set(view.steps[step]?.graph.nodes.map(({ name }) => name));
    const held = [node, ...also].find((name) => names.has(name));
    if (held !== undefined) return { step, node: held };
  }
  return null;
}
