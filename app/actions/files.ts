import type { Action } from './action';
import { anyOf, busy, noModel } from './reasons';

/** Opens the browser's dialog of a file input; it must be a key press or a click that asks. */
const choose = (testId: string) => () =>
  document.querySelector<HTMLInputElement>(`input[data-testid="${testId}"]`)?.click();

/** What brings a model and its data in. */
export const FILE_ACTIONS: readonly Action[] = [
  {
    id: 'open model',
    title: 'Open model…',
    group: 'data',
    keywords: ['load', 'file', 'onnx', 'pt2', 'safetensors', 'tensorflow.js'],
    unavailable: busy,
    run: choose('model-files'),
  },
  ...(['calibration', 'evaluation'] as const).flatMap((purpose): readonly Action[] => {
    const title = purpose === 'calibration' ? 'Calibration' : 'Evaluation';
    return [
      {
        id: `open ${purpose}`,
        title: `${title} data…`,
        group: 'data',
        keywords: ['load', 'file', 'npy', 'npz', 'csv', 'images'],
        unavailable: anyOf(noModel, busy),
        run: choose(`${purpose}-files`),
      },
      {
        id: `open ${purpose} folder`,
        title: `${title} folder…`,
        group: 'data',
        keywords: ['images', 'directory'],
        unavailable: anyOf(noModel, busy),
        run: choose(`${purpose}-folder`),
      },
    ];
  }),
  {
    id: 'generate samples',
    title: 'Generate samples',
    group: 'data',
    keywords: ['random', 'made up', 'calibration'],
    unavailable: anyOf(noModel, busy),
    run: ({ firstLook }) => void firstLook(),
  },
  {
    id: 'layers dialog',
    title: 'Put the layers together…',
    group: 'data',
    keywords: ['weights', 'state dict', 'pt', 'assistant'],
    unavailable: ({ assistant }) => (assistant === null ? 'No file of weights without a graph waits' : null),
    run: ({ showLayers }) => showLayers(true),
  },
];
