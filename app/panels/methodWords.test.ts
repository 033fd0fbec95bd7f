import { expect, it } from 'vitest';
import { FIRST_SETTINGS } from '../store/vocabulary';
import { byHandWords, methodWords } from './methodWords';

const BY_HAND = { methods: { fc1: 'smoothquant' }, scales: { fc2: { 0: 2, 3: 0.5 } } } as const;

it('names a method with what it depends on', () => {
  expect(methodWords({ ...FIRST_SETTINGS, method: 'smoothquant', alpha: 0.65 })).toBe('smoothquant 0.65');
  expect(methodWords({ ...FIRST_SETTINGS, method: 'cross-layer', absorbBias: true })).toBe(
    'cross-layer, biases',
  );
  expect(methodWords({ ...FIRST_SETTINGS, method: 'auto', semantics: 'pytorch' })).toBe('input-weight');
});

it('lists what was decided by hand, which PyTorch semantics passes over', () => {
  const settings = { ...FIRST_SETTINGS, byHand: BY_HAND };
  expect(byHandWords(settings)).toBe('fc1 smoothquant 0.5, fc2: 2 scales');
  expect(byHandWords({ ...settings, semantics: 'pytorch' })).toBe('');
  expect(byHandWords(FIRST_SETTINGS)).toBe('');
});
