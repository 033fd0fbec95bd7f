import { EXPORTER } from '../panels/words';
import type { Action } from './action';

function downloadExporter() {
  const link = document.createElement('a');
  link.href = EXPORTER.file;
  link.download = EXPORTER.file;
  link.click();
}

/** What explains the page. */
export const HELP_ACTIONS: readonly Action[] = [
  {
    id: 'palette',
    title: 'Command palette',
    group: 'help',
    keys: ['mod+K'],
    run: ({ showOverlay }) => showOverlay('palette'),
  },
  {
    id: 'keys',
    title: 'Keys',
    group: 'help',
    keywords: ['keyboard', 'shortcuts'],
    keys: ['?'],
    run: ({ showOverlay }) => showOverlay('keys'),
  },
  {
    id: 'glossary',
    title: 'Glossary',
    group: 'help',
    keywords: ['terms', 'words', 'observer', 'zero point', 'SQNR', 'fold', 'qconfig'],
    run: ({ showOverlay }) => showOverlay('glossary'),
  },
  {
    id: 'tour',
    title: 'Tour',
    group: 'help',
    keywords: ['introduction', 'guide', 'first steps'],
    run: ({ goOnTour }) => goOnTour(0),
  },
  {
    id: 'ways in',
    title: 'How to bring a model',
    group: 'help',
    keywords: ['pytorch', 'onnx', 'export', 'tensorflow', 'fx_export.py'],
    run: ({ showOverlay }) => showOverlay('ways'),
  },
  {
    id: 'exporter',
    title: 'Download fx_export.py',
    group: 'help',
    keywords: ['pytorch', 'python', 'exporter'],
    run: downloadExporter,
  },
  {
    id: 'dismiss errors',
    title: 'Dismiss all errors',
    group: 'help',
    keywords: ['alerts', 'messages'],
    unavailable: ({ alerts }) => (alerts.length === 0 ? 'There are none' : null),
    run: ({ alerts, dismiss }) => {
      for (const { serial } of alerts) dismiss(serial);
    },
  },
];
