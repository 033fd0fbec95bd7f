import type { Term } from './entry';
import { TERMS } from './terms';

/** A stretch of a text: a term of the glossary, or what stands between two. */
export interface Stretch {
  readonly text: string;
  readonly term: Term | null;
}

const FORMS: ReadonlyMap<string, Term> = new Map(
  TERMS.flatMap((one) => [one.term, ...one.also].map((form) => [form.toLowerCase(), one] as const)),
);

const escaped = (text: string): string => text.replace(/[/.*+?^${}()|[\]\\]/g, '\\$&');

/** The longest form first, or `scale` would be found in `equalization scale`. */
const PATTERN = new RegExp(
  `(?<![\\w-])(${[...FORMS.keys()]
    .toSorted((a, b) => b.length - a.length)
    .map(escaped)
    .join('|')})(?![\\w-])`,
  'gi',
);

/** Cuts a text at the terms in it; a term that comes again is plain text there. */
export function findTerms(text: string): readonly Stretch[] {
  const stretches: Stretch[] = [];
  const seen = new Set<string>();
  let from = 0;
  for (const { 0: form, index } of text.matchAll(PATTERN)) {
    const term = FORMS.get(form.toLowerCase());
    if (term === undefined || seen.has(term.id)) continue;
    seen.add(term.id);
    if (index > from) stretches.push({ text: text.slice(from, index), term: null });
    stretches.push({ text: form, term });
    from = index + form.length;
  }
  return from < text.length ? [...stretches, { text: text.slice(from), term: null }] : stretches;
}
