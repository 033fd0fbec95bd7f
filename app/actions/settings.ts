import type { Settings } from '../../src/index';
import type { Studio } from '../store/studio';
import { type Choice, METHODS, QCONFIGS, SEMANTICS } from '../store/vocabulary';
import type { Action } from './action';
import { anyOf, busy, type Reason } from './reasons';

/** One action for each value of a setting: `QConfig: fbgemm`. */
const choose = <K extends 'semantics' | 'qconfig' | 'method'>(
  key: K,
  title: string,
  choices: readonly Choice<Settings[K]>[],
  reason: Reason = () => null,
): readonly Action[] =>
  choices.map(({ value, label, title: hint }) => ({
    id: `${key} ${value}`,
    title: `${title}: ${label}`,
    group: 'data',
    keywords: [hint, 'setting'],
    unavailable: anyOf(busy, reason, ({ settings }) => (settings[key] === value ? 'Chosen now' : null)),
    run: ({ changeSettings }) => {
      const patch: Partial<Settings> = { [key]: value };
      void changeSettings(patch);
    },
  }));

const notExact = ({ settings }: Studio): string | null =>
  settings.semantics === 'pytorch' ? 'PyTorch’s pass knows input-weight only' : null;

/** What every step is computed from. */
export const SETTING_ACTIONS: readonly Action[] = [
  ...choose('semantics', 'Semantics', SEMANTICS),
  ...choose('qconfig', 'QConfig', QCONFIGS),
  ...choose('method', 'Method', METHODS, notExact),
  {
    id: 'absorb bias',
    title: 'Absorb high biases, on or off',
    group: 'data',
    keywords: ['cross-layer', 'setting'],
    unavailable: anyOf(busy, notExact, ({ settings }) =>
      settings.method === 'cross-layer' ? null : 'Belongs to the method cross-layer',
    ),
    run: ({ settings, changeSettings }) => void changeSettings({ absorbBias: !settings.absorbBias }),
  },
  {
    id: 'equalize all',
    title: 'Equalize all layers',
    group: 'data',
    unavailable: anyOf(busy, ({ view }) => (view.layers.length === 0 ? 'There are no layers' : null)),
    run: ({ view, equalizeLayers }) =>
      void equalizeLayers(
        view.layers.map(({ name }) => name),
        'on',
      ),
  },
  {
    id: 'equalize none',
    title: 'Equalize no layer',
    group: 'data',
    keywords: ['plain int8'],
    unavailable: anyOf(busy, ({ view }) => (view.layers.length === 0 ? 'There are no layers' : null)),
    run: ({ view, equalizeLayers }) =>
      void equalizeLayers(
        view.layers.map(({ name }) => name),
        'off',
      ),
  },
];
