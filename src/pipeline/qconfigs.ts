import type { EqualizationConfig } from '../equalize/eligibility';
import type { Model } from '../graph/model';
import type { Node } from '../graph/node';
import { type Choices, checkFusedTypes, choiceFor, pytorchFusedChoices } from '../quant/choices';
import { checkFixedQParams, withFixedQParams } from '../quant/fixedQParams';
import { QCONFIG_PRESETS, type QConfig } from '../quant/qconfig';
import type { QConfigMapping } from '../quant/qconfigMapping';
import { layerNodes } from '../quant/weightUse';
import type { Exceptions, Method, QConfigChoice, Settings } from './settings';
import type { LayerView } from './views';

/** The user's qconfigs as PyTorch's QConfigMapping. */
export const qconfigMapping = ({ qconfig, qconfigs }: Settings): QConfigMapping => {
  const preset = (choice: QConfigChoice): QConfig | null =>
    choice === 'none' ? null : QCONFIG_PRESETS[choice];
  return {
    global: QCONFIG_PRESETS[qconfig],
    byType: mapped(qconfigs.byType, preset),
    byName: mapped(qconfigs.byName, preset),
  };
};

/** The user's choice of layers as PyTorch's `_equalization_config`: a method, or null where a layer is left alone. */
export const equalizationMapping = ({ equalization, method }: Settings): Choices<Method> => {
  const chosen = (on: boolean): Method | null => (on ? method : null);
  return {
    global: chosen(equalization.global),
    byType: mapped(equalization.byType, chosen),
    byName: mapped(equalization.byName, chosen),
  };
};

const mapped = <T, U>(
  choices: Readonly<Record<string, T>>,
  value: (choice: T) => U,
): Readonly<Record<string, U>> =>
  Object.fromEntries(Object.entries(choices).map(([key, choice]) => [key, value(choice)]));

/** What choices come to for a model whose modules are fused. */
export const fusedChoices = <T>(
  choices: Choices<T>,
  { semantics }: Settings,
  fused: Pick<Model, 'modules'>,
): Choices<T> => (semantics === 'pytorch' ? pytorchFusedChoices(choices, fused) : choices);

/** The qconfigs of a model whose modules are fused, as the page shows them before and after `prepare`. */
export const qconfigsFor = (
  settings: Settings,
  fused: Pick<Model, 'modules'>,
  qconfigs: QConfigMapping = qconfigMapping(settings),
): QConfigMapping => {
  const choices = fusedChoices(qconfigs, settings, fused);
  return settings.semantics === 'pytorch' ? withFixedQParams(choices) : choices;
};

/** Which layers of a fused model equalization leaves alone because the user said so. */
export function equalizationConfig(settings: Settings, fused: Model): EqualizationConfig {
  const choices = fusedChoices(equalizationMapping(settings), settings, fused);
  const excluded = layerNodes(fused)
    .map(({ node }) => node)
    .filter((node) => choiceFor(choices, fused, node) === null)
    .map(({ name }) => name);
  return { semantics: settings.semantics, excluded: new Set<string>(excluded) };
}

/** Whether a layer is selected, and whether it would be if nobody had named its node. */
export function layerSelection(settings: Settings, fused: Model) {
  const choices = fusedChoices(equalizationMapping(settings), settings, fused);
  return (node: Node): Pick<LayerView, 'selected' | 'selectedUnnamed'> => {
    const { [node.name]: _, ...byName } = choices.byName;
    return {
      selected: choiceFor(choices, fused, node) !== null,
      selectedUnnamed: choiceFor({ ...choices, byName }, fused, node) !== null,
    };
  };
}

/** Throws where PyTorch refuses choices; in exact semantics the first part of a fused module decides. */
export function checkChoices(settings: Settings, qconfigs: QConfigMapping, fused: Model): void {
  if (settings.semantics !== 'pytorch') return;
  checkFusedTypes(qconfigs, fused, 'qconfigs');
  checkFusedTypes(equalizationMapping(settings), fused, 'choices of equalization');
  checkFixedQParams(qconfigsFor(settings, fused, qconfigs), fused);
}

/** Whether two settings give every op the same qconfig. */
export const sameQConfigs = (a: Settings, b: Settings): boolean =>
  a.qconfig === b.qconfig && sameExceptions(a.qconfigs, b.qconfigs);

/** Whether two settings choose the same layers. */
export const sameEqualization = (a: Settings, b: Settings): boolean =>
  a.equalization.global === b.equalization.global && sameExceptions(a.equalization, b.equalization);

const sameExceptions = <T>(a: Exceptions<T>, b: Exceptions<T>): boolean => textOf(a) === textOf(b);

const textOf = <T>({ byName, byType }: Exceptions<T>): string =>
  JSON.stringify([byName, byType].map((choices) => Object.entries(choices).sort()));
