import type { Term } from './entry';
import { TERM_GROUPS } from './terms';

const fits = ({ term, also, pytorch, text }: Term, query: string): boolean =>
  [term, ...also, pytorch, text].join(' ').toLowerCase().includes(query);

/** The groups of the glossary with the terms that say `query` anywhere; a group may be empty. */
export function searchTerms(query: string): readonly { title: string; terms: readonly Term[] }[] {
  const sought = query.trim().toLowerCase();
  return TERM_GROUPS.map(({ title, terms }) => ({
    title,
    terms: terms.filter((term) => fits(term, sought)),
  }));
}
