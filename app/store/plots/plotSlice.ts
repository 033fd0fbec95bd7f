import type { TensorsView, TensorView } from '../../../src/index';
import type { EngineApi } from '../../engine/api';
import { stepHolding } from '../selectors';
import type { PlotSight, PlotSlice, Slice, Studio } from '../studio';
import { BESIDE_TITLES } from '../vocabulary';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

export const tensorKey = ({ node, role }: Pick<TensorView, 'node' | 'role'>): string => `${role} ${node}`;

/** The chosen tensor while it is there, else the first. */
export const shownTensor = (tensors: TensorsView | null, key: string | null): TensorView | null =>
  tensors?.tensors.find((tensor) => tensorKey(tensor) === key) ?? tensors?.tensors[0] ?? null;

type PlotKey = Pick<Studio, 'plotKind' | 'plotLogs' | 'selected' | 'tensor'>;

/** Tells one plot from another: what one was zoomed to means nothing to the next. */
const plotOf = ({ plotKind, plotLogs, selected, tensor }: PlotKey): string =>
  [
    plotKind,
    plotKind === 'sqnr' ? '' : selected,
    plotKind === 'values' ? tensor : '',
    plotLogs.includes(plotKind),
  ].join(' ');

/** What the shown plot is zoomed to; null when all of it is in sight. */
export const zoomedTo = (studio: PlotKey & Pick<Studio, 'plotSight'>): PlotSight | null =>
  studio.plotSight?.plot === plotOf(studio) ? studio.plotSight.sight : null;

/** The step at which the selected node is shown. */
function place({ selected, view, shown }: Studio) {
  const step = selected === null ? null : stepHolding(view, shown, selected);
  return selected === null || step === null ? null : { node: selected, step };
}

/** Whether an answer still belongs to what is looked at. */
const stands = (asked: Studio, now: Studio): boolean =>
  now.selected === asked.selected && now.shown === asked.shown && now.view === asked.view;

async function loadTensors(engine: EngineApi, set: Set, get: Get): Promise<void> {
  const asked = get();
  const at = place(asked);
  if (at === null) return set({ tensors: null });
  const outcome = await engine.tensors(at.step, at.node);
  if (!stands(asked, get())) return;
  if (outcome.ok) set({ tensors: outcome.value, plotError: null });
  else set({ tensors: null, plotError: outcome.error.message });
}

function countValues(engine: EngineApi, set: Set, get: Get): Promise<void> {
  const owner = 'countValues';
  const title = BESIDE_TITLES[owner];
  const at = place(get());
  const tensor = shownTensor(get().tensors, get().tensor);
  if (at === null || tensor === null) return Promise.resolve();
  return get().exclusively(owner, title, async () => {
    get().settle(owner);
    const outcome = await engine.countValues(at.step, tensor, (phase, done, total) => {
      const { job } = get();
      if (job?.step === owner) set({ job: { ...job, phase, done, total } });
    });
    if (outcome.ok) get().announce(`${title}: ${tensor.role === 'weight' ? 'weight of ' : ''}${tensor.node}`);
    else if (outcome.error.kind === 'cancelled') get().announce(`${title}: cancelled`);
    else get().report(outcome.error.message, { title: `${title} failed`, subject: owner });
    await get().loadTensors();
  });
}

const loadWeightMap =
  (engine: EngineApi, set: Set, get: Get): PlotSlice['loadWeightMap'] =>
  async (window, size) => {
    const asked = get();
    const at = place(asked);
    if (at === null) return set({ weightMap: null });
    const outcome = await engine.weightMap(at.step, at.node, window, size);
    if (!stands(asked, get())) return;
    if (outcome.ok) set({ weightMap: outcome.value, plotError: null });
    else set({ weightMap: null, plotError: outcome.error.message });
  };

export const createPlots =
  (engine: EngineApi): Slice<PlotSlice> =>
  (set, get) => ({
    plotKind: 'input',
    plotLogs: ['scale'],
    plotSort: 'order',
    plotsTall: true,
    plotSight: null,
    column: null,
    tensors: null,
    tensor: null,
    weightMap: null,
    plotError: null,

    enlargePlot: (plotKind) => {
      set({ plotKind, plotsTall: true });
      get().setTab('plots');
    },
    setPlotKind: (plotKind) => set({ plotKind, plotError: null }),
    setPlotLog: (kind, on) => {
      const others = get().plotLogs.filter((name) => name !== kind);
      set({ plotLogs: on ? [...others, kind] : others });
    },
    setPlotSort: (plotSort) => set({ plotSort }),
    setPlotsTall: (plotsTall) => set({ plotsTall }),
    setPlotSight: (sight) => set({ plotSight: sight === null ? null : { plot: plotOf(get()), sight } }),
    chooseColumn: (column) => set({ column }),
    setTensor: (tensor) => set({ tensor }),
    loadTensors: () => loadTensors(engine, set, get),
    countValues: () => countValues(engine, set, get),
    loadWeightMap: loadWeightMap(engine, set, get),
  });
