import type { ActionGroup } from '../actions/action';
import { ACTIONS } from '../actions/all';
import type { Studio } from '../store/studio';

/** A line of the command palette. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** Beside the title: what kind of node it is. */
  readonly note: string;
  readonly words: string;
  readonly keys: string | null;
  /** Why it cannot be done now; null when it can. */
  readonly reason: string | null;
  readonly run: () => void;
}

export const GROUP_TITLES: { readonly [G in ActionGroup]: string } = {
  step: 'Steps',
  graph: 'Graph',
  look: 'Page',
  data: 'Files and settings',
  project: 'Project',
  export: 'Export',
  help: 'Help',
};

const actionEntries = (studio: Studio): readonly Entry[] =>
  ACTIONS.filter(({ id }) => id !== 'palette').map((action) => ({
    id: action.id,
    title: action.title,
    group: GROUP_TITLES[action.group],
    note: '',
    words: (action.keywords ?? []).join(' '),
    keys: action.keys?.[0] ?? null,
    reason: action.unavailable?.(studio) ?? null,
    run: () => action.run(studio),
  }));

const sampleEntries = ({ samples, job, openSample }: Studio): readonly Entry[] =>
  (samples ?? []).map(({ id, title, description }) => ({
    id: `sample ${id}`,
    title,
    group: 'Samples',
    note: 'sample',
    words: `open sample ${description}`,
    keys: null,
    reason: job === null ? null : 'Wait for the job that is running',
    run: () => void openSample(id),
  }));

/** The nodes of the shown graph, layers first: who names a node mostly means a layer. */
function nodeEntries({ view, shown, goTo }: Studio): readonly Entry[] {
  const nodes = view.steps[shown]?.graph.nodes ?? [];
  const ordered = [
    ...nodes.filter(({ role }) => role === 'layer'),
    ...nodes.filter(({ role }) => role !== 'layer'),
  ];
  return ordered.map(({ name, type, detail, role }) => ({
    id: `node ${name}`,
    title: name,
    group: role === 'layer' ? 'Layers' : 'Nodes',
    note: detail === '' ? type : `${type} · ${detail}`,
    words: `${type} ${role}`,
    keys: null,
    reason: null,
    run: () => goTo(name),
  }));
}

export const entriesOf = (studio: Studio): readonly Entry[] => [
  ...actionEntries(studio),
  ...sampleEntries(studio),
  ...nodeEntries(studio),
];

/** How well a word fits; the smaller the better, null not at all. */
function wordRank(entry: Entry, word: string): number | null {
  const title = entry.title.toLowerCase();
  const at = title.indexOf(word);
  if (at === 0) return title === word ? 0 : 1;
  if (at > 0) return /[\s_./:-]/.test(title.charAt(at - 1)) ? 2 : 3;
  return `${entry.words} ${entry.note} ${entry.group}`.toLowerCase().includes(word) ? 4 : null;
}

function rankOf(entry: Entry, words: readonly string[]): number | null {
  let sum = 0;
  for (const word of words) {
    const rank = wordRank(entry, word);
    if (rank === null) return null;
    sum += rank;
  }
  return sum;
}

/** More could not be read; a longer query finds the rest. */
export const SHOWN_ENTRIES = 60;

export interface Found {
  readonly entries: readonly Entry[];
  /** How many fit and are not listed. */
  readonly more: number;
}

/** The entries in which every word of the query stands, best first; without a query all that are no nodes. */
export function found(entries: readonly Entry[], query: string): Found {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    const general = entries.filter(({ group }) => group !== 'Nodes' && group !== 'Layers');
    return { entries: general, more: 0 };
  }
  const ranked = entries
    .map((entry) => ({ entry, rank: rankOf(entry, words) }))
    .filter(({ rank }) => rank !== null)
    .toSorted((one, other) => (one.rank ?? 0) - (other.rank ?? 0));
  return {
    entries: ranked.slice(0, SHOWN_ENTRIES).map(({ entry }) => entry),
    more: Math.max(0, ranked.length - SHOWN_ENTRIES),
  };
}
