import type { Change } from '../../graph/change';
import type { Explanation } from './playbackViews';

export type ChangeOfKind<K extends Change['kind']> = Change & { readonly kind: K };

export type Explained = Omit<Explanation, 'lines'>;

/** Where the sentence of the change says all there is to say. */
export const NOTHING: Explained = { why: '', formulas: [], choice: null };

/** Sentences one behind the other; empty ones leave no gap. */
export const joined = (...sentences: readonly string[]): string =>
  sentences.filter((text) => text !== '').join(' ');
