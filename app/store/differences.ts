import type {
  ComparisonOutcome,
  GraphView,
  SemanticsDifference,
  StepName,
  StudioView,
} from '../../src/index';
import { STEPS } from './vocabulary';

interface Places {
  readonly byNode: ReadonlyMap<string, readonly SemanticsDifference[]>;
  /** After Convert other nodes stand for places that it took out of the graph. */
  readonly converted: ReadonlyMap<string, readonly SemanticsDifference[]>;
}

function grouped(
  differences: readonly SemanticsDifference[],
  nodesOf: (difference: SemanticsDifference) => readonly string[],
): ReadonlyMap<string, readonly SemanticsDifference[]> {
  const found = new Map<string, readonly SemanticsDifference[]>();
  for (const difference of differences)
    for (const node of new Set(nodesOf(difference)))
      found.set(node, [...(found.get(node) ?? []), difference]);
  return found;
}

/** Looked up once per comparison: every node of the graph asks. */
const places = new WeakMap<ComparisonOutcome, Places>();

function placesOf(outcome: ComparisonOutcome): Places {
  const known = places.get(outcome);
  if (known !== undefined) return known;
  const differences = outcome.kind === 'compared' ? outcome.comparison.differences : [];
  const found: Places = {
    byNode: grouped(differences, ({ node }) => [node]),
    converted: grouped(differences, ({ node, also }) => [node, ...also]),
  };
  places.set(outcome, found);
  return found;
}

const NONE: readonly SemanticsDifference[] = [];

/** Where the semantics differ at this node of a step; the same list as long as the comparison stands. */
export function differencesAt(
  { comparison }: Pick<StudioView, 'comparison'>,
  step: StepName,
  node: string,
): readonly SemanticsDifference[] {
  if (comparison === null) return NONE;
  const { byNode, converted } = placesOf(comparison);
  return (step === 'convert' ? converted : byNode).get(node) ?? NONE;
}

/** The two semantics go the same way until `equalize`: earlier graphs wear no marks. */
export const isMarked = (view: Pick<StudioView, 'comparison'>, shown: StepName, node: string): boolean =>
  STEPS.indexOf(shown) >= STEPS.indexOf('equalize') && differencesAt(view, shown, node).length > 0;

const known = new WeakMap<GraphView, ReadonlySet<string>>();

/** Looked up once per graph: every row of the list asks. */
function namesIn(graph: GraphView | undefined): ReadonlySet<string> {
  if (graph === undefined) return new Set();
  const names = known.get(graph) ?? new Set(graph.nodes.map(({ name }) => name));
  known.set(graph, names);
  return names;
}

/** Where to look at a difference: in the shown graph if it can be, else in the equalized one, else anywhere. */
export function placeOf(
  view: Pick<StudioView, 'steps'>,
  shown: StepName,
  { node, also }: SemanticsDifference,
): { readonly step: StepName; readonly node: string } | null {
  for (const step of [shown, 'equalize', ...STEPS] as const) {
    const names = namesIn(view.steps[step]?.graph);
    const held = [node, ...also].find((name) => names.has(name));
    if (held !== undefined) return { step, node: held };
  }
  return null;
}
