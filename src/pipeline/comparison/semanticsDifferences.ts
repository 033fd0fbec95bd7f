import type { SemanticsDifference } from '../comparisonView';
import { decisionDifferences } from './decisionDifferences';
import { moduleDifferences, rowDifferences } from './moduleDifferences';
import { rangeDifferences } from './rangeDifferences';
import { misledDifferences, readerDifferences } from './readerDifferences';
import { scaledValues } from './scaledValues';
import type { BothRuns } from './semanticsDifference';

/**
 * Every place where the two semantics part, in graph order; none for runs that come to the same. What follows from
 * a difference told before at the same node is not told again.
 */
export function semanticsDifferences(both: BothRuns): readonly SemanticsDifference[] {
  const scaled = { exact: scaledValues(both.exact), pytorch: scaledValues(both.pytorch) };
  const causes = [
    ...decisionDifferences(both),
    ...rowDifferences(both),
    ...misledDifferences(both, scaled.pytorch),
    ...rangeDifferences(both, scaled),
  ];
  const told = new Set(causes.map(({ node }) => node));
  const rest: SemanticsDifference[] = [];
  for (const difference of [...readerDifferences(both), ...moduleDifferences(both)]) {
    if (told.has(difference.node)) continue;
    told.add(difference.node);
    rest.push(difference);
  }
  return inGraphOrder(both, [...causes, ...rest]);
}

function inGraphOrder(
  { shown }: BothRuns,
  differences: readonly SemanticsDifference[],
): readonly SemanticsDifference[] {
  const names = [...shown.equalized.model.graph.nodes, ...shown.converted.graph.nodes].map((n) => n.name);
  const positions = new Map<string, number>();
  for (const name of names) if (!positions.has(name)) positions.set(name, positions.size);
  const place = ({ node }: SemanticsDifference) => positions.get(node) ?? positions.size;
  return differences.toSorted((a, b) => place(a) - place(b));
}
