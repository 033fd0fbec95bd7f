import type { Studio } from '../store/studio';

export const ACTION_GROUPS = ['step', 'graph', 'look', 'data', 'project', 'export', 'help'] as const;
export type ActionGroup = (typeof ACTION_GROUPS)[number];

/** Something that the user can do, in one place for the command palette, the list of keys, and the keys themselves. */
export interface Action {
  readonly id: string;
  /** As it is called wherever it stands: `Convert`, `Next change`. */
  readonly title: string;
  readonly group: ActionGroup;
  /** Other words by which it is looked for. */
  readonly keywords?: readonly string[];
  /** Keys that run it, in Mantine's form: `mod+Z`, `ArrowRight`, `/`. Not taken while the user types. */
  readonly keys?: readonly string[];
  /** When its keys go to it also while a button that was clicked has the focus, and a use for them. */
  readonly overButtons?: (studio: Studio) => boolean;
  /** Why it cannot be done now, in words; null when it can. */
  readonly unavailable?: (studio: Studio) => string | null;
  readonly run: (studio: Studio) => void;
}
