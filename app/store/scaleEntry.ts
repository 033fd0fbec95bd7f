import { columnProblem, scaleProblem } from './byHand';
import type { Studio } from './studio';

/*
 * What is entered for the scales of a layer and not set yet. It is the form's and the plot's, and no part of the settings.
 */

/** Scales that are typed, dragged or stepped to, as texts: what is no number stays typed. */
export type Drafts = Readonly<Record<number, string>>;

export interface ScaleEntry {
  /** The selected column. */
  readonly column: number;
  /** A text that is no column; null where the selected one stands. */
  readonly typedColumn: string | null;
  readonly drafts: Drafts;
  /** Why the last wish to set was not followed; null when it was. */
  readonly refusal: string | null;
}

/** Nothing entered, at a column. */
export const blankEntry = (column: number): ScaleEntry => ({
  column,
  typedColumn: null,
  drafts: {},
  refusal: null,
});

export const isBlank = ({ typedColumn, drafts }: ScaleEntry): boolean =>
  typedColumn === null && Object.keys(drafts).length === 0;

/** Without what was rejected; scales that may be set stay. `but` is a column whose text stays, whatever it is. */
export function withoutRejected(entry: ScaleEntry, but?: number): ScaleEntry {
  const drafts = Object.entries(entry.drafts).filter(
    ([at, text]) => Number(at) === but || scaleProblem(text) === null,
  );
  return { ...entry, typedColumn: null, drafts: Object.fromEntries(drafts), refusal: null };
}

export const selectColumn = (entry: ScaleEntry, column: number): ScaleEntry => ({
  ...withoutRejected(entry, column),
  column,
});

/** The text of the field of columns: it selects one of so many, or stays typed. */
export const typeColumn = (entry: ScaleEntry, text: string, columns: number): ScaleEntry =>
  columnProblem(text, columns) === null
    ? selectColumn(entry, Number(text))
    : { ...entry, typedColumn: text, refusal: null };

export const draftScale = (entry: ScaleEntry, column: number, text: string): ScaleEntry => ({
  ...entry,
  typedColumn: null,
  drafts: { ...entry.drafts, [column]: text },
  refusal: null,
});

/** All drafts, more among them; the first that is no scale is selected and refused. */
export function withDrafts(entry: ScaleEntry, more: Drafts): ScaleEntry {
  const drafts = { ...entry.drafts, ...more };
  const wrong = Object.entries(drafts).find(([, text]) => scaleProblem(text) !== null);
  if (wrong === undefined) return { ...entry, drafts, refusal: null };
  const [at, text] = wrong;
  return {
    ...entry,
    typedColumn: null,
    drafts,
    column: Number(at),
    refusal: `Column ${at}: ${scaleProblem(text)}`,
  };
}

type Moment = Pick<Studio, 'settings' | 'history' | 'historyAt'>;

/** Whether the settings are others, or the history was gone along: a run that ends is neither. */
export const isElsewhere = (now: Moment, before: Moment): boolean =>
  now.settings !== before.settings || (now.history === before.history && now.historyAt !== before.historyAt);
