import type { MethodName } from '../../../src/index';
import type { LayerPoint } from '../../plots/layerSqnrPlot';
import { bestMethod } from '../../store/findings';
import { methodWords } from '../../store/methodWords';
import type { Studio } from '../../store/studio';
import type { Choice } from '../../store/vocabulary';

/** What plain int8 is compared with: a method of the comparison, or the run that stands. */
export type SeriesName = MethodName | 'run';

type Known = Pick<Studio, 'view' | 'compared'>;

/** What there is to compare with, the standing run first. */
export function seriesChoices({ view, compared }: Known): readonly Choice<SeriesName>[] {
  const run: Choice<SeriesName> = {
    value: 'run',
    label: 'this run',
    title: 'As Convert measured the steps that stand',
    available: true,
  };
  const methods = (compared?.rows ?? []).flatMap(({ name, error }): readonly Choice<SeriesName>[] =>
    compared === null || name === 'none' || error !== null
      ? []
      : [{ value: name, label: methodWords(name, compared.settings), title: '', available: true }],
  );
  return view.results === null ? methods : [run, ...methods];
}

/** The choice while it is there, else the best method, else the standing run; null when nothing was measured. */
export function seriesShown(known: Known, chosen: SeriesName | null): SeriesName | null {
  const choices = seriesChoices(known).map(({ value }) => value);
  const best = bestMethod((known.compared?.rows ?? []).filter(({ name }) => name !== 'none'))?.name;
  return [chosen, best].find((name) => name && choices.includes(name)) ?? choices[0] ?? null;
}

export function seriesPoints({ view, compared }: Known, series: SeriesName): readonly LayerPoint[] {
  if (series === 'run') return view.layers.map(({ name, sqnr }) => ({ name, ...sqnr }));
  const layersOf = (method: MethodName) => compared?.rows.find(({ name }) => name === method)?.layers ?? {};
  const [plain, equalized] = [layersOf('none'), layersOf(series)];
  return view.layers.map(({ name }) => ({
    name,
    plain: plain[name] ?? null,
    equalized: equalized[name] ?? null,
  }));
}
