import type { Studio } from '../studio';
import type { NodeDifference } from './differencesOf';
import { comparedDifferences } from './sides';

type Listed = Parameters<typeof comparedDifferences>[0] & Pick<Studio, 'differenceKind'>;

const known = new WeakMap<
  readonly NodeDifference[],
  Map<NodeDifference['kind'], readonly NodeDifference[]>
>();

/** The differences of the kind that is looked through; the same list as long as the graphs are the same. */
export function listedDifferences(studio: Listed): readonly NodeDifference[] {
  const all = comparedDifferences(studio);
  const { differenceKind: kind } = studio;
  if (kind === null) return all;
  const byKind = known.get(all) ?? new Map<NodeDifference['kind'], readonly NodeDifference[]>();
  known.set(all, byKind);
  const listed = byKind.get(kind) ?? all.filter((difference) => difference.kind === kind);
  byKind.set(kind, listed);
  return listed;
}

/** Where the selected node stands in that list; −1 where it does not differ. */
export const listedAt = (studio: Listed & Pick<Studio, 'selected'>): number =>
  studio.selected === null ? -1 : listedDifferences(studio).findIndex(({ node }) => node === studio.selected);
