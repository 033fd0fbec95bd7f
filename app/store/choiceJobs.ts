import type { Settings } from '../../src/index';
import { layersBySqnr } from './selectors';
import type { ChoiceJobs, Slice, Studio } from './studio';
import type { EqualizationChoice, LayerQConfigChoice } from './vocabulary';

/** Sets a choice for these keys, or takes it back where it is undefined. */
export function withChoices<T>(
  choices: Readonly<Record<string, T>>,
  keys: readonly string[],
  choiceOf: (key: string) => T | undefined,
): Readonly<Record<string, T>> {
  const others = Object.entries(choices).filter(([key]) => !keys.includes(key));
  const chosen = keys.flatMap((key) => {
    const choice = choiceOf(key);
    return choice === undefined ? [] : [[key, choice] as const];
  });
  return Object.fromEntries([...others, ...chosen]);
}

export const own = <T extends string>(choice: T | 'global'): T | undefined =>
  choice === 'global' ? undefined : choice;

const isOn = (choice: EqualizationChoice): boolean | undefined =>
  choice === 'global' ? undefined : choice === 'on';

/** A layer is named only where that makes a difference: a choice taken back leaves nothing behind. */
function equalizeLayers({ settings, view }: Studio, layers: readonly string[], choice: EqualizationChoice) {
  const { equalization } = settings;
  const unnamed = new Map(view.layers.map(({ name, selectedUnnamed }) => [name, selectedUnnamed]));
  const wanted = isOn(choice);
  const byName = withChoices(equalization.byName, layers, (name) =>
    wanted === (unnamed.get(name) ?? equalization.global) ? undefined : wanted,
  );
  return { equalization: { ...equalization, byName } };
}

/** `fc1 (12.1 dB), fc2 (15.0 dB)`; many are counted. */
const SHOWN_NAMES = 3;

const decibels = (sqnr: number): string => `${Number.isFinite(sqnr) ? sqnr.toFixed(1) : sqnr} dB`;

function lowest(studio: Studio, count: number) {
  const chosen = layersBySqnr(studio).slice(0, count);
  const names = chosen.slice(0, SHOWN_NAMES).map(({ name, sqnr }) => `${name} (${decibels(sqnr)})`);
  const more = chosen.length > SHOWN_NAMES ? ` and ${chosen.length - SHOWN_NAMES} more` : '';
  const equalization: Settings['equalization'] = {
    global: false,
    byName: Object.fromEntries(chosen.map(({ name }) => [name, true])),
    byType: {},
  };
  return { equalization, what: `Equalizes only ${names.join(', ')}${more}: lowest SQNR in int8` };
}

export const createChoiceJobs: Slice<ChoiceJobs> = (_, get) => {
  const change = (patch: Partial<Settings>, what?: string) => get().changeSettings(patch, what);
  return {
    equalizeLayers: (layers, choice, then = 'wait') => {
      const patch = equalizeLayers(get(), layers, choice);
      if (then === 'wait') return change(patch);
      return get().redo(patch, `Equalization of ${layers.join(', ')}: ${choice}`);
    },
    equalizeType: (type, choice) => {
      const { equalization } = get().settings;
      const byType = withChoices(equalization.byType, [type], () => isOn(choice));
      return change({ equalization: { ...equalization, byType } });
    },
    equalizeOthers: (global) => change({ equalization: { ...get().settings.equalization, global } }),
    equalizeLowest: async (count) => {
      const { equalization, what } = lowest(get(), count);
      await change({ equalization }, what);
    },
    chooseQConfig: (layers, choice: LayerQConfigChoice) => {
      const { qconfigs } = get().settings;
      const byName = withChoices(qconfigs.byName, layers, () => own(choice));
      return change({ qconfigs: { ...qconfigs, byName } });
    },
    chooseTypeQConfig: (type, choice) => {
      const { qconfigs } = get().settings;
      const byType = withChoices(qconfigs.byType, [type], () => own(choice));
      return change({ qconfigs: { ...qconfigs, byType } });
    },
  };
};
