import { shownLayers } from './layersTable/shownLayers';
import type { MarkSlice, Slice } from './studio';

/** The rows between two, both included, in the order of the table. */
function between(layers: readonly string[], one: string, other: string): readonly string[] {
  const ends = [layers.indexOf(one), layers.indexOf(other)].toSorted((a, b) => a - b);
  const [from = -1, to = -1] = ends;
  return from < 0 ? [other] : layers.slice(from, to + 1);
}

export const createMarks: Slice<MarkSlice> = (set, get) => ({
  marked: [],
  anchor: null,

  mark: (layer, how) => {
    const { marked, anchor } = get();
    if (how === 'only') return set({ marked: [layer], anchor: layer });
    if (how === 'from') return set({ anchor: layer });
    if (how === 'range') {
      const range = between(shownLayers(get()).names, anchor ?? layer, layer);
      return set({ marked: [...new Set([...marked, ...range])], anchor: anchor ?? layer });
    }
    const others = marked.filter((name) => name !== layer);
    return set({ marked: others.length < marked.length ? others : [...marked, layer], anchor: layer });
  },
  markAll: (marked) => set({ marked, anchor: null }),
});
