import { createContext } from 'react';

/** What a search found and what a followed path leaves out: nodes look themselves up. */
export interface Marks {
  readonly hits: ReadonlySet<string>;
  /** Of nodes and groups. */
  readonly isOffPath: (id: string) => boolean;
}
export const NO_MARKS: Marks = { hits: new Set(), isOffPath: () => false };
export const MarksContext = createContext<Marks>(NO_MARKS);
