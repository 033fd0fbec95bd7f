import type { StudioView } from '../../../src/index';
import type { FinishedRun } from '../finishedRuns';
import type { CompareSlice, RunGraphs, Slice, Studio } from '../studio';
import { STEPS } from '../vocabulary';
import { listedAt, listedDifferences } from './listed';

/** Graphs of that many runs are kept: one of a large model takes tens of megabytes. */
export const KEPT_GRAPHS = 4;

/** The graphs of the newest run are kept too, those of the oldest go. */
export function withGraphs(
  kept: Studio['runGraphs'],
  runs: readonly FinishedRun[],
  { steps }: StudioView,
): Studio['runGraphs'] {
  const newest = runs.at(-1);
  if (newest === undefined) return kept;
  const graphs: RunGraphs = Object.fromEntries(
    STEPS.flatMap((step) => {
      const view = steps[step];
      return view === undefined ? [] : [[step, view.graph]];
    }),
  );
  const wanted = new Set(runs.slice(-KEPT_GRAPHS).map(({ serial }) => serial));
  return new Map([...kept, [newest.serial, graphs] as const].filter(([serial]) => wanted.has(serial)));
}

/** The difference that many places behind the selected one, round and round. */
function jump(get: () => Studio, by: 1 | -1): void {
  const wanted = listedDifferences(get());
  if (wanted.length === 0) return;
  const current = listedAt(get());
  const start = current < 0 && by < 0 ? 0 : current;
  const next = wanted[(start + by + wanted.length) % wanted.length];
  if (next === undefined) return;
  // In a narrow window the inspector would lie over what is walked through.
  const { inspectorOpen } = get();
  get().goTo(next.node);
  get().openInspector(inspectorOpen);
}

export const createCompare: Slice<CompareSlice> = (set, get) => ({
  runGraphs: new Map(),
  left: null,
  right: null,
  differenceKind: null,

  compareWith: (side, source) => {
    set({ [side]: source, mode: 'compare' });
    if (side === 'right' && source !== null && source.run === null) {
      set({ right: null });
      get().showStep(source.step);
    }
  },
  compareRuns: (left, right) =>
    set({
      left: { run: left, step: 'convert' },
      right: { run: right, step: 'convert' },
      mode: 'compare',
      played: null,
    }),
  showDifferences: (differenceKind) => set({ differenceKind }),
  nextDifference: () => jump(get, 1),
  previousDifference: () => jump(get, -1),
});
