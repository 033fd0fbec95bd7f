import type { NodeView } from '../../../src/index';
import { countOf } from '../../store/counting';
import type { GroupTree } from '../../store/groups/groupTree';

/** A node or a group that a search found. */
export interface Match {
  readonly id: string;
  readonly kind: 'node' | 'group';
  readonly name: string;
  readonly type: string;
  readonly shape: string;
}

/** The words of a search; all of them must be found. */
const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

const holdsAll = (words: readonly string[], ...texts: readonly string[]): boolean => {
  const all = texts.join('\n').toLowerCase();
  return words.every((word) => all.includes(word));
};

/** Lower comes first: the name itself, then its beginning, then its end (exporters put prefixes before names), then any part of it. */
function rank(name: string, text: string): number {
  const own = name.toLowerCase();
  if (own === text) return 0;
  if (own.startsWith(text)) return 1;
  if (own.endsWith(text)) return 2;
  return own.includes(text) ? 3 : 4;
}

/** Nodes by name, module path, type and shape, and groups by their path; the best first, else in the order of the graph. */
export function matchesOf(text: string, nodes: readonly NodeView[], tree: GroupTree): readonly Match[] {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  const found: Match[] = [];
  for (const { id, fullTitle, size } of tree.groups.values())
    if (holdsAll(words, fullTitle))
      found.push({ id, kind: 'group', name: fullTitle, type: 'group', shape: countOf(size, 'node') });
  for (const { name, type, shape, path } of nodes)
    if (holdsAll(words, name, type, shape, path.join('.')))
      found.push({ id: name, kind: 'node', name, type, shape });
  const whole = words.join(' ');
  return found
    .map((match, order) => ({ match, order, rank: rank(match.name, whole) }))
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(({ match }) => match);
}
