import type { Settings, StudioView } from '../../../src/index';
import { METHODS, QCONFIGS, SEMANTICS, STEP_WORDS, STEPS } from '../vocabulary';

/* What was done, seen from the work before and after it: whoever does it need not say. */

/** The work as the page knows it. */
export interface Moment {
  readonly view: StudioView;
  readonly settings: Settings;
}

const labelOf = (choices: readonly { readonly value: string; readonly label: string }[], value: string) =>
  choices.find((choice) => choice.value === value)?.label ?? value;

/** Keys whose values differ. */
function changedKeys(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}

/** `fc1, fc2 and 3 more` */
const listed = (names: readonly string[]): string =>
  names.length > 2 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');

type Names = Readonly<Record<string, unknown>>;

/** `QConfig of fc1`; null where nothing differs. */
function exceptions(what: string, before: Names, after: Names): string | null {
  const names = changedKeys(before, after);
  if (names.length === 0) return null;
  const [only] = names;
  const value = names.length === 1 && only !== undefined ? after[only] : undefined;
  const isPlain = typeof value === 'string' || typeof value === 'boolean';
  const words = value === true ? 'on' : value === false ? 'off' : String(value);
  return `${what} of ${listed(names)}${isPlain ? `: ${words}` : ''}`;
}

/** `Scale of column 3 of fc1: 0.5` */
function scaleLabel(before: Settings['byHand']['scales'], after: Settings['byHand']['scales']) {
  const layers = changedKeys(before, after);
  const [layer] = layers;
  if (layer === undefined) return null;
  const columns = changedKeys(before[layer] ?? {}, after[layer] ?? {});
  const [column] = columns;
  if (layers.length > 1 || columns.length !== 1 || column === undefined) return `Scales of ${listed(layers)}`;
  const value = after[layer]?.[column];
  return `Scale of column ${column} of ${layer}: ${value ?? 'as found'}`;
}

/** What differs between two settings, one phrase each. */
export function settingsLabels(before: Settings, after: Settings): readonly string[] {
  const onOff = (on: boolean) => (on ? 'on' : 'off');
  const [b, a] = [before, after];
  return [
    b.semantics !== a.semantics ? `Semantics: ${labelOf(SEMANTICS, a.semantics)}` : null,
    b.qconfig !== a.qconfig ? `QConfig: ${labelOf(QCONFIGS, a.qconfig)}` : null,
    b.method !== a.method ? `Method: ${labelOf(METHODS, a.method)}` : null,
    b.alpha !== a.alpha ? `α: ${a.alpha}` : null,
    b.absorbBias !== a.absorbBias ? `Absorb biases: ${onOff(a.absorbBias)}` : null,
    exceptions('Method', b.byHand.methods, a.byHand.methods),
    scaleLabel(b.byHand.scales, a.byHand.scales),
    b.equalization.global !== a.equalization.global
      ? `Equalize other layers: ${onOff(a.equalization.global)}`
      : null,
    exceptions('Equalization', b.equalization.byName, a.equalization.byName),
    exceptions('Equalization', b.equalization.byType, a.equalization.byType),
    exceptions('QConfig', b.qconfigs.byName, a.qconfigs.byName),
    exceptions('QConfig', b.qconfigs.byType, a.qconfigs.byType),
  ].filter((label) => label !== null);
}

const sameData = (one: object | null, other: object | null) => JSON.stringify(one) === JSON.stringify(other);

/** The last step that has a new result. */
const stepRun = (before: StudioView, after: StudioView) =>
  STEPS.findLast((step) => after.steps[step] !== undefined && after.steps[step] !== before.steps[step]);

/** What led from one moment to the next; null where nothing did that can be taken back. */
export function labelBetween(before: Moment, after: Moment): string | null {
  const settings = settingsLabels(before.settings, after.settings);
  const [first, second] = settings;
  if (first !== undefined)
    return settings.length > 2
      ? `${first} and ${settings.length - 1} more settings`
      : [first, second].filter((label) => label !== undefined).join(', ');
  if (!sameData(before.view.calibration, after.view.calibration))
    return `Calibration data: ${after.view.calibration?.source ?? 'none'}`;
  if (!sameData(before.view.evaluation, after.view.evaluation))
    return `Evaluation data: ${after.view.evaluation?.source ?? 'none'}`;
  const step = stepRun(before.view, after.view);
  return step === undefined ? null : STEP_WORDS[step].title;
}

/** Changes of one kind that follow each other quickly are one: a number that is dragged or typed. */
export const kindOf = (label: string): string => label.replace(/: [^:]*$/, '');
