import type { Term } from './entry';
import { EQUALIZATION } from './equalizationTerms';
import { FIGURES } from './figureTerms';
import { OBSERVERS } from './observerTerms';
import { QUANTIZATION } from './quantizationTerms';

/** Every term that the page uses and a reader may not know. */
export const TERMS: readonly Term[] = [...QUANTIZATION, ...OBSERVERS, ...EQUALIZATION, ...FIGURES];

export const TERM_GROUPS = [
  { title: 'Quantization', terms: QUANTIZATION },
  { title: 'Observers and QConfigs', terms: OBSERVERS },
  { title: 'Equalization', terms: EQUALIZATION },
  { title: 'Figures', terms: FIGURES },
] as const;

const BY_ID: ReadonlyMap<string, Term> = new Map(TERMS.map((one) => [one.id, one]));

/** The term of an id; an unknown one is our own mistake. */
export function termOf(id: string): Term {
  const found = BY_ID.get(id);
  if (found === undefined) throw new Error(`internal: the glossary has no term '${id}'`);
  return found;
}
