import type { LayersPlan, LayersProposalView } from '../../src/index';
import type { EngineApi } from '../engine/api';
import { groupedAhead } from './groups/groupedAhead';
import { readLayers } from './readLayers';
import type { LayersSlice, Slice } from './studio';
import { takeModel } from './takeModel';

/** `3, 32, 32` or `3x32x32` as numbers; what is no number is NaN, and the check says what is needed. */
export const sizesOf = (text: string): readonly number[] =>
  text
    .trim()
    .split(/[\s,;x×]+/)
    .filter((part) => part !== '')
    .map(Number);

/** Assembling layers of a file without a graph. What was chosen stays until a model is made of it. */
export const createLayers =
  (engine: EngineApi): Slice<LayersSlice> =>
  (set, get) => ({
    assistant: null,
    proposeLayers: (proposal: LayersProposalView) => {
      const { plan, check } = proposal;
      set({
        assistant: { proposal, plan, check, input: plan.input.join(', '), open: true, error: null },
      });
      get().announce(`${proposal.file} holds weights and no graph: put its layers together`);
    },
    changePlan: async (patch: Partial<LayersPlan>) => {
      const before = get().assistant;
      if (before === null) return;
      const plan = { ...before.plan, ...patch };
      set({ assistant: { ...before, plan, error: null } });
      const outcome = await engine.checkLayers(plan);
      const now = get().assistant;
      // An answer about an older plan is of no use.
      if (now?.plan !== plan) return;
      set({
        assistant: outcome.ok ? { ...now, check: outcome.value } : { ...now, error: outcome.error.message },
      });
    },
    changeInput: async (text: string) => {
      const { assistant } = get();
      if (assistant !== null) set({ assistant: { ...assistant, input: text } });
      await get().changePlan({ input: sizesOf(text) });
    },
    showLayers: (open: boolean) => {
      const { assistant } = get();
      if (assistant !== null) set({ assistant: { ...assistant, open } });
    },
    buildLayers: () =>
      get().exclusively('load', 'Load', async () => {
        const { assistant } = get();
        if (assistant === null || !(await get().saveBeforeLeaving())) return;
        const outcome = await groupedAhead(await engine.openLayers(assistant.plan));
        if (!outcome.ok) {
          set({ assistant: { ...assistant, error: outcome.error.message } });
          return;
        }
        set({ assistant: null });
        takeModel(set, get, outcome.value, null);
        void readLayers(engine, set, get);
      }),
  });
