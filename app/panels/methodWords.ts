import type { Method, Settings } from '../../src/index';
import { countOf } from '../store/counting';

/** How a method is named where its parameters count. */
function wordsOf(method: Method, { alpha, absorbBias }: Settings): string {
  if (method === 'smoothquant') return `smoothquant ${alpha}`;
  return method === 'cross-layer' && absorbBias ? 'cross-layer, biases' : method;
}

/** The global method: `smoothquant 0.5`, `auto`. PyTorch's pass knows its own formula only. */
export const methodWords = (settings: Settings): string =>
  wordsOf(settings.semantics === 'pytorch' ? 'input-weight' : settings.method, settings);

/** What was decided for single layers: `fc1 auto, fc2: 3 scales`; empty without. */
export function byHandWords(settings: Settings): string {
  const { semantics, byHand } = settings;
  if (semantics === 'pytorch') return '';
  const methods = Object.entries(byHand.methods).map(
    ([layer, method]) => `${layer} ${wordsOf(method, settings)}`,
  );
  const scales = Object.entries(byHand.scales).map(
    ([layer, columns]) => `${layer}: ${countOf(Object.keys(columns).length, 'scale')}`,
  );
  return [...methods, ...scales].join(', ');
}
