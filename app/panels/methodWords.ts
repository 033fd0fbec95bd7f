import type { Method, Settings } from '../../src/index';
import { allEdits } from '../store/byHand';
import { countOf } from '../store/counting';
import { equalizesNothing } from '../store/findings';

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

/** How the chosen row of a comparison is in use: it is of the method alone, and what was set by hand departs from it. */
export function inUseWords(settings: Settings): string {
  const { methods, scales } = settings.byHand;
  if (settings.semantics === 'pytorch' || equalizesNothing(settings)) return 'in use';
  const layers = Object.keys(methods).length;
  const columns = allEdits(scales).length;
  const kinds = [
    ...(layers > 0 ? [countOf(layers, 'method')] : []),
    ...(columns > 0 ? [countOf(columns, 'scale')] : []),
  ];
  return kinds.length === 0 ? 'in use' : `in use, ${kinds.join(' and ')} by hand`;
}
