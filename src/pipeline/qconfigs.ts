import { QCONFIG_PRESETS, type QConfig } from '../quant/qconfig';
import type { QConfigMapping } from '../quant/qconfigMapping';
import type { QConfigChoice, Settings } from './settings';

/** The user's choices as PyTorch's QConfigMapping. */
export const qconfigMapping = ({ qconfig, qconfigs }: Settings): QConfigMapping => ({
  global: QCONFIG_PRESETS[qconfig],
  byType: presets(qconfigs.byType),
  byName: presets(qconfigs.byName),
});

const presets = (
  choices: Readonly<Record<string, QConfigChoice>>,
): Readonly<Record<string, QConfig | null>> =>
  Object.fromEntries(
    Object.entries(choices).map(([key, choice]) => [key, choice === 'none' ? null : QCONFIG_PRESETS[choice]]),
  );

/** Whether two settings give every op the same qconfig. */
export const sameQConfigs = (a: Settings, b: Settings): boolean =>
  a.qconfig === b.qconfig && textOf(a.qconfigs) === textOf(b.qconfigs);

const textOf = ({ byName, byType }: Settings['qconfigs']): string =>
  JSON.stringify([byName, byType].map((choices) => Object.entries(choices).sort()));
