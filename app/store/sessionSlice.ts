import type { EngineApi } from '../engine/api';
import { stepHolding } from './selectors';
import type { SessionSlice, Slice, Studio } from './studio';

const refreshDetails =
  (engine: EngineApi, set: (patch: Partial<Studio>) => void, get: () => Studio) =>
  async (): Promise<void> => {
    const { selected, view, shown, form } = get();
    const step = selected === null ? null : stepHolding(view, shown, selected);
    if (selected === null || step === null) {
      set({ details: null, detailsError: null });
      return;
    }
    const outcome = await engine.inspect(step, selected, form);
    const now = get();
    // The answer counts only while the question stands.
    if (now.selected !== selected || now.shown !== shown || now.view !== view) return;
    if (outcome.ok) set({ details: outcome.value, detailsError: null });
    // Of a step that is run again the engine knows nothing for the moment; the end of the run asks anew.
    else if (now.job === null) set({ details: null, detailsError: outcome.error.message });
  };

export const createSession =
  (engine: EngineApi): Slice<SessionSlice> =>
  (set, get) => ({
    shown: 'load',
    form: 'lowered',
    mode: 'single',
    tab: 'layers',
    inspectorOpen: false,
    lowerOpen: true,
    painted: false,
    selected: null,
    centred: null,
    details: null,
    detailsError: null,

    showStep: (step) => {
      set({ shown: step });
      void get().refreshDetails();
    },
    setForm: (form) => {
      set({ form });
      get().adopt(get().view, get().shown);
    },
    setMode: (mode) => set({ mode }),
    setTab: (tab) => set({ tab, lowerOpen: true }),
    openInspector: (inspectorOpen) => set({ inspectorOpen }),
    openLower: (lowerOpen) => set({ lowerOpen }),
    paint: (painted) => set({ painted }),
    select: (node) => {
      if (node !== get().selected) set({ selected: node, column: null, details: null, detailsError: null });
      if (node !== null) get().reveal(node);
      set({ inspectorOpen: node !== null });
      void get().refreshDetails();
    },
    goTo: (node) => {
      get().select(node);
      set({ centred: { node, serial: (get().centred?.serial ?? 0) + 1 } });
    },
    refreshDetails: refreshDetails(engine, set, get),
  });
