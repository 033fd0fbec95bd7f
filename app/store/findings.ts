import type { DatasetView, LayerAdvice, MethodName, MethodRow, Settings, StudioView } from '../../src/index';
import { plainKey } from './finishedRuns';

/*
 * What the jobs beside the steps found out, with the settings and the data that it holds for.
 */

interface Finding<T> {
  readonly rows: readonly T[];
  readonly settings: Settings;
  readonly calibration: DatasetView;
  readonly evaluation: DatasetView | null;
}

/** Methods side by side. `settings` has the layers that were equalized, whatever is chosen now. */
export type Compared = Finding<MethodRow>;
export type Advised = Finding<LayerAdvice>;

/** What a finding no longer agrees with; null while it holds. */
export type Stale = 'settings' | 'data' | null;

type Now = { readonly settings: Settings; readonly view: Pick<StudioView, 'calibration' | 'evaluation'> };

const isSameData = (a: DatasetView | null, b: DatasetView | null): boolean =>
  a?.source === b?.source && a?.samples === b?.samples;

/** Whatever the semantics: findings say of both, or of exact alone. */
const quantizationKey = (settings: Settings): string => plainKey({ ...settings, semantics: 'exact' }, '');

const equalizationKey = ({ equalization: { global, byName, byType } }: Settings): string =>
  JSON.stringify([global, Object.entries(byName).toSorted(), Object.entries(byType).toSorted()]);

/** Whether no layer is to be equalized, whatever the method. */
export const equalizesNothing = ({ equalization: { global, byName, byType } }: Settings): boolean =>
  !global && ![...Object.values(byName), ...Object.values(byType)].includes(true);

export const NOTHING_EQUALIZED: Settings['equalization'] = { global: false, byName: {}, byType: {} };
const ALL_EQUALIZED: Settings['equalization'] = { global: true, byName: {}, byType: {} };

/** Where nothing is to be equalized there is nothing to compare: then the layers of the last comparison are, or all. */
export const settingsToCompare = (settings: Settings, last: Compared | null): Settings =>
  equalizesNothing(settings)
    ? { ...settings, equalization: last?.settings.equalization ?? ALL_EQUALIZED }
    : settings;

/** Plain int8, chosen from the table, leaves the table standing: it is one of its rows. */
export function comparedStale(compared: Compared, { settings, view }: Now): Stale {
  const { calibration, evaluation } = compared;
  if (!isSameData(calibration, view.calibration) || !isSameData(evaluation, view.evaluation)) return 'data';
  const now = settingsToCompare(settings, compared);
  const key = (chosen: Settings) =>
    JSON.stringify([quantizationKey(chosen), equalizationKey(chosen), chosen.alpha, chosen.absorbBias]);
  return key(now) === key(compared.settings) ? null : 'settings';
}

/** Advice is of all layers, by all rules: what is chosen of either does not touch it. */
export function adviceStale(advised: Advised, { settings, view }: Now): Stale {
  if (!isSameData(advised.calibration, view.calibration)) return 'data';
  return quantizationKey(settings) === quantizationKey(advised.settings) ? null : 'settings';
}

/** The row of a comparison that the settings choose. */
export function methodInUse(settings: Settings): MethodName {
  if (equalizesNothing(settings)) return 'none';
  return settings.semantics === 'pytorch' ? 'pytorch' : settings.method;
}

/** The settings that make a row of the comparison the model's own, for the layers that are chosen by now. */
export function settingsOfMethod(name: MethodName, compared: Compared, now: Settings): Partial<Settings> {
  const { alpha, absorbBias } = compared.settings;
  const { equalization } = settingsToCompare(now, compared);
  if (name === 'none') return { semantics: 'exact', equalization: NOTHING_EQUALIZED };
  if (name === 'pytorch') return { semantics: 'pytorch', equalization };
  return { semantics: 'exact', method: name, equalization, alpha, absorbBias };
}

/** Equalizes by search the layers that gain by it, and leaves the others out by name. */
export const settingsOfAdvice = ({ rows }: Advised): Partial<Settings> => ({
  semantics: 'exact',
  method: 'auto',
  equalization: {
    ...ALL_EQUALIZED,
    byName: Object.fromEntries(rows.filter(({ advised }) => !advised).map(({ layer }) => [layer, false])),
  },
});

/** The method with the highest SQNR; of equal ones the first. Null where none has a figure. */
export function bestMethod(rows: readonly MethodRow[]): MethodRow | null {
  const known = rows.filter(({ sqnr }) => sqnr !== null);
  const [first] = known;
  if (first === undefined) return null;
  return known.reduce((best, row) => ((row.sqnr ?? 0) > (best.sqnr ?? 0) ? row : best), first);
}
