import type { Form, NodeDetails, StepName } from '../../../src/index';

export type ViewMode = 'single' | 'compare';

export const TABS = ['layers', 'text', 'results', 'methods', 'plots', 'runtime', 'log'] as const;

export type Tab = (typeof TABS)[number];

/** What the user looks at. The colour scheme is Mantine's, which stores it. */
export interface SessionSlice {
  readonly shown: StepName;
  /** Which of convert's two graphs `view` holds; the reference form stands in where there is no lowered one. */
  readonly form: Form;
  readonly mode: ViewMode;
  readonly tab: Tab;
  /** In a narrow window the inspector lies over the graph, and can be put away. */
  readonly inspectorOpen: boolean;
  readonly lowerOpen: boolean;
  /** Layers wear the colour of what equalization gained them, once Convert has measured it. */
  readonly painted: boolean;
  readonly selected: string | null;
  /** The node that the graph was last asked to centre; the serial tells two requests for one node apart. */
  readonly centred: { readonly node: string; readonly serial: number } | null;
  /** The selected node at the shown step; null while it is fetched or when the step does not hold it. */
  readonly details: NodeDetails | null;
  readonly detailsError: string | null;

  showStep(step: StepName): void;
  setForm(form: Form): void;
  setMode(mode: ViewMode): void;
  /** Shows a tab, and the lower panel with it. */
  setTab(tab: Tab): void;
  openInspector(open: boolean): void;
  openLower(open: boolean): void;
  paint(on: boolean): void;
  select(node: string | null): void;
  /** Selects a node and brings it to the middle of the graph. */
  goTo(node: string): void;
  /** Asks the engine about the selected node again; the page calls it when steps have changed. */
  refreshDetails(): Promise<void>;
}

/** Rows of the layers table that are marked, for choices over several layers at once. */
export interface MarkSlice {
  readonly marked: readonly string[];
  /** Where a range begins: the row that was marked or unmarked last. */
  readonly anchor: string | null;

  /** Marks one row alone, turns its mark on or off, adds all rows from the anchor to it, or lets ranges begin there. */
  mark(layer: string, how: 'only' | 'toggle' | 'range' | 'from'): void;
  /** Marks these and no others. */
  markAll(layers: readonly string[]): void;
}
