import type { ExportQuestionSlice, HelpSlice, Slice } from '../studio';

export const createHelp: Slice<HelpSlice> = (set) => ({
  overlay: null,
  outlineOpen: false,
  tourStop: null,
  tourSeen: false,
  plainKeys: true,

  showOverlay: (overlay) => set({ overlay }),
  openOutline: (outlineOpen) => set({ outlineOpen }),
  goOnTour: (tourStop) => set({ tourStop, tourSeen: true }),
  setPlainKeys: (plainKeys) => set({ plainKeys }),
});

export const createExportQuestion: Slice<ExportQuestionSlice> = (set) => ({
  askedExport: null,
  acceptedWarning: null,

  askExport: (askedExport) => set({ askedExport }),
  acceptWarning: (acceptedWarning) => set({ acceptedWarning, askedExport: null }),
});
