import type { ExportKind } from '../../../src/index';

/** What lies over the page until it is closed. */
export type Overlay = 'palette' | 'keys' | 'glossary' | 'ways';

/** Help of all kinds, and what is found by words instead of by looking. */
export interface HelpSlice {
  readonly overlay: Overlay | null;
  /** The graph as a tree, beside the graph. */
  readonly outlineOpen: boolean;
  /** Which stop of the tour is shown, from 0; null while it is put away. */
  readonly tourStop: number | null;
  /** It was taken or declined: it does not offer itself again. */
  readonly tourSeen: boolean;
  /** Keys without Ctrl work. Who speaks to the computer turns them off (WCAG 2.1.4). */
  readonly plainKeys: boolean;

  showOverlay(overlay: Overlay | null): void;
  openOutline(open: boolean): void;
  /** Goes to a stop of the tour; null ends it. */
  goOnTour(stop: number | null): void;
  setPlainKeys(on: boolean): void;
}

/** The question before a model is saved that computes something else. */
export interface ExportQuestionSlice {
  readonly askedExport: ExportKind | null;
  /** The warning that was accepted: it is asked about once. */
  readonly acceptedWarning: string | null;

  askExport(kind: ExportKind | null): void;
  acceptWarning(warning: string): void;
}
