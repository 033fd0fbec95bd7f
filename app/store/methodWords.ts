import type { MethodName, Settings } from '../../src/index';

type Chosen = Pick<Settings, 'alpha' | 'absorbBias'>;

const WORDS: { readonly [N in MethodName]: (chosen: Chosen) => string } = {
  none: () => 'plain int8',
  'input-weight': () => 'input-weight',
  smoothquant: ({ alpha }) => `SmoothQuant α ${Number(alpha.toFixed(2))}`,
  'cross-layer': ({ absorbBias }) => (absorbBias ? 'cross-layer, biases absorbed' : 'cross-layer'),
  auto: () => 'auto',
  pytorch: () => 'PyTorch 1.13.1',
};

/** A row of the comparison by its name: `SmoothQuant α 0.5`. */
export const methodWords = (name: MethodName, chosen: Chosen): string => WORDS[name](chosen);

/** What the status line says once a row has been chosen. */
export function chosenWords(name: MethodName, chosen: Chosen): string {
  if (name === 'none') return 'Nothing is equalized: plain int8';
  return name === 'pytorch'
    ? 'PyTorch semantics, as 1.13.1 equalizes'
    : `Method ${methodWords(name, chosen)}`;
}
