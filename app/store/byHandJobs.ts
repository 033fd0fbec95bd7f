import type { Settings } from '../../src/index';
import { choiceWords, withoutScales } from './byHand';
import { own, withChoices } from './choiceJobs';
import { countOf } from './counting';
import type { ByHandJobs, Slice, Studio } from './studio';
import type { LayerMethodChoice } from './vocabulary';

/** The engine follows the first layer of a region that has a method: the others give theirs up for the newest. */
function withMethod({ settings, view }: Studio, layers: readonly string[], choice: LayerMethodChoice) {
  const regions = view.layers.filter(({ name }) => layers.includes(name)).flatMap(({ region }) => region);
  const methods = withChoices(settings.byHand.methods, [...layers, ...regions], (name) =>
    layers.includes(name) ? own(choice) : undefined,
  );
  return { ...settings.byHand, methods };
}

/** A scale set at a layer takes the place of the one that it had, be it set at a layer that shares it. */
function withScales(
  { settings, details }: Studio,
  layer: string,
  scales: Readonly<Record<number, number>>,
): Settings['byHand'] {
  const reaching = details?.name === layer ? details.scaleEdits : [];
  const before = reaching.filter(({ column }) => scales[column] !== undefined);
  const left = withoutScales(settings.byHand.scales, before);
  return { ...settings.byHand, scales: { ...left, [layer]: { ...left[layer], ...scales } } };
}

/** `Scale of column 3 of fc: 0.5`; several are counted. */
function scaleWords(layer: string, scales: Readonly<Record<number, number>>): string {
  const [[column, value] = [], ...others] = Object.entries(scales);
  if (others.length > 0) return `${countOf(others.length + 1, 'scale')} of ${layer} set`;
  return `Scale of column ${column} of ${layer}: ${value}`;
}

export const createByHandJobs: Slice<ByHandJobs> = (_, get) => ({
  chooseMethod: (layers, choice, then = 'wait') => {
    const patch = { byHand: withMethod(get(), layers, choice) };
    const what = `Method of ${layers.join(', ')}: ${choiceWords(choice)}`;
    return then === 'wait' ? get().changeSettings(patch, what) : get().redo(patch, what);
  },
  setScales: (layer, scales) =>
    get().redo({ byHand: withScales(get(), layer, scales) }, scaleWords(layer, scales)),
  takeBackScales: (edits) => {
    const { byHand } = get().settings;
    const scales = withoutScales(byHand.scales, edits);
    return get().redo({ byHand: { ...byHand, scales } }, `${countOf(edits.length, 'scale')} taken back`);
  },
});
