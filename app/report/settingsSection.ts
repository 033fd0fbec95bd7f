import type { Settings } from '../../src/index';
import { countOf } from '../store/counting';
import { FIRST_SETTINGS, METHODS, QCONFIGS, SEMANTICS } from '../store/vocabulary';
import type { Section } from './document';
import type { ReportSource } from './source';

const titleOf = <T extends string>(
  choices: readonly { readonly value: T; readonly title: string }[],
  value: T,
): string => choices.find((choice) => choice.value === value)?.title ?? value;

const marked = (text: string, isDefault: boolean): string => (isDefault ? text : `${text} (not the default)`);

/** Choices for single layers and types, each in a sentence. */
function exceptionsOf({ equalization, qconfigs, byHand }: Settings): readonly string[] {
  const onOff = (on: boolean) => (on ? 'equalized' : 'not equalized');
  const as = (choice: string) => (choice === 'none' ? 'left in float' : `quantized as ${choice}`);
  return [
    ...Object.entries(equalization.byType).map(([type, on]) => `Type ${type}: ${onOff(on)}.`),
    ...Object.entries(equalization.byName).map(([name, on]) => `Layer ${name}: ${onOff(on)}.`),
    ...Object.entries(qconfigs.byType).map(([type, choice]) => `Type ${type}: ${as(choice)}.`),
    ...Object.entries(qconfigs.byName).map(([name, choice]) => `Layer ${name}: ${as(choice)}.`),
    ...Object.entries(byHand.methods).map(([name, method]) => `Layer ${name}: method ${method}.`),
    ...Object.entries(byHand.scales).map(
      ([name, scales]) => `Layer ${name}: ${countOf(Object.keys(scales).length, 'scale')} set by hand.`,
    ),
  ];
}

function methodRows(settings: Settings): readonly (readonly [string, string])[] {
  const { semantics, method, alpha, absorbBias } = settings;
  if (semantics === 'pytorch') return [['Method', 'input-weight: PyTorch’s pass knows no other']];
  const words = `${method}: ${titleOf(METHODS, method)}`;
  const rows: (readonly [string, string])[] = [['Method', marked(words, method === FIRST_SETTINGS.method)]];
  if (method === 'smoothquant') rows.push(['α', marked(String(alpha), alpha === FIRST_SETTINGS.alpha)]);
  if (method === 'cross-layer')
    rows.push([
      'High biases',
      absorbBias ? 'absorbed by the next layer (not the default)' : 'left where they are',
    ]);
  return rows;
}

const equalizedWords = (isGlobal: boolean, hasExceptions: boolean): string =>
  isGlobal ? `every layer${hasExceptions ? ' but those named below' : ''}` : 'only the layers named below';

/** Every choice in words. What differs from the default says so. */
export function settingsSection({ settings }: ReportSource): Section {
  const { semantics, qconfig, equalization } = settings;
  const exceptions = exceptionsOf(settings);
  return {
    title: 'Settings',
    blocks: [
      {
        kind: 'facts',
        rows: [
          [
            'Semantics',
            marked(`${semantics}: ${titleOf(SEMANTICS, semantics)}`, semantics === FIRST_SETTINGS.semantics),
          ],
          [
            'QConfig',
            marked(`${qconfig}: ${titleOf(QCONFIGS, qconfig)}`, qconfig === FIRST_SETTINGS.qconfig),
          ],
          ...methodRows(settings),
          [
            'Equalized',
            marked(equalizedWords(equalization.global, exceptions.length > 0), equalization.global),
          ],
        ],
      },
      exceptions.length === 0
        ? { kind: 'paragraph', text: 'No layer and no type has a choice of its own.' }
        : { kind: 'list', items: exceptions },
    ],
  };
}
