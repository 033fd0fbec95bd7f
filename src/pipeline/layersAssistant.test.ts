import { expect, it } from 'vitest';
import { LayersAssistant } from './layersAssistant';

const entry = (name: string, ...shape: readonly number[]) => ({ name, shape, isFloat: true });

it('says of the scales of an equalized model that a chain of layers loses them', () => {
  const entries = [
    entry('fc1.weight', 6, 4),
    entry('x_equalization_scale0', 1, 4),
    entry('fc2.weight', 2, 6),
    entry('other', 3),
  ];
  const assistant = new LayersAssistant({
    file: 'net-equalized.pt',
    entries,
    inModuleOrder: true,
    format: 'pt',
    load: () => Promise.reject(new Error('nobody asks for its tensors here')),
  });
  expect(assistant.view().leftOut.map(({ name, isNeeded }) => [name, isNeeded])).toEqual([
    ['x_equalization_scale0', true],
    ['other', false],
  ]);
});
