import type { NodeDetails, StepName } from '../../src/index';
import type { EngineApi } from '../engine/api';
import { stepHolding } from './selectors';
import type { Slice } from './studioStore';

export type ViewMode = 'single' | 'compare';
export const TABS = ['layers', 'text', 'results', 'log'] as const;
export type Tab = (typeof TABS)[number];

/** What the user looks at. The colour scheme is Mantine's, which stores it. */
export interface SessionSlice {
  readonly shown: StepName;
  readonly mode: ViewMode;
  readonly tab: Tab;
  readonly selected: string | null;
  /** The node that the graph was last asked to centre; the serial tells two requests for one node apart. */
  readonly centred: { readonly node: string; readonly serial: number } | null;
  /** The selected node at the shown step; null while it is fetched or when the step does not hold it. */
  readonly details: NodeDetails | null;
  readonly detailsError: string | null;

  showStep(step: StepName): void;
  setMode(mode: ViewMode): void;
  setTab(tab: Tab): void;
  select(node: string | null): void;
  /** Selects a node and brings it to the middle of the graph. */
  goTo(node: string): void;
  /** Asks the engine about the selected node again; the page calls it when steps have changed. */
  refreshDetails(): Promise<void>;
}

export const createSession =
  (engine: EngineApi): Slice<SessionSlice> =>
  (set, get) => ({
    shown: 'load',
    mode: 'single',
    tab: 'layers',
    selected: null,
    centred: null,
    details: null,
    detailsError: null,

    showStep: (step) => {
      set({ shown: step });
      void get().refreshDetails();
    },
    setMode: (mode) => set({ mode }),
    setTab: (tab) => set({ tab }),
    select: (node) => {
      if (node !== get().selected) set({ selected: node, details: null, detailsError: null });
      void get().refreshDetails();
    },
    goTo: (node) => {
      get().select(node);
      set({ centred: { node, serial: (get().centred?.serial ?? 0) + 1 } });
    },
    refreshDetails: async () => {
      const { selected, view, shown } = get();
      const step = selected === null ? null : stepHolding(view, shown, selected);
      if (selected === null || step === null) {
        set({ details: null, detailsError: null });
        return;
      }
      const outcome = await engine.inspect(step, selected);
      const now = get();
      // The answer counts only while the question stands.
      if (now.selected !== selected || now.shown !== shown || now.view !== view) return;
      if (outcome.ok) set({ details: outcome.value, detailsError: null });
      else set({ details: null, detailsError: outcome.error.message });
    },
  });
