import { expect, it } from 'vitest';
import type { Settings } from '../../src/index';
import { FIRST_SETTINGS } from '../store/vocabulary';
import { byHandWords, inUseWords, methodWords } from './methodWords';

const BY_HAND = { methods: { fc1: 'smoothquant' }, scales: { fc2: { 0: 2, 3: 0.5 } } } as const;

type Hand = Settings['byHand'];

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

it('says of a method in use what departs from it by hand', () => {
  const by = (methods: Hand['methods'], scales: Hand['scales']) => ({
    ...FIRST_SETTINGS,
    byHand: { methods, scales },
  });
  expect(inUseWords(FIRST_SETTINGS)).toBe('in use');
  expect(inUseWords(by({}, { fc2: { 3: 0.5 } }))).toBe('in use, 1 scale by hand');
  expect(inUseWords(by({}, { fc1: { 7: 4 }, fc2: { 0: 2, 3: 0.5 } }))).toBe('in use, 3 scales by hand');
  expect(inUseWords(by({ fc1: 'auto' }, {}))).toBe('in use, 1 method by hand');
  expect(inUseWords({ ...FIRST_SETTINGS, byHand: BY_HAND })).toBe('in use, 1 method and 2 scales by hand');
});

it('says nothing of it where it does not count: in PyTorch semantics, and where nothing is equalized', () => {
  const settings = { ...FIRST_SETTINGS, byHand: BY_HAND };
  expect(inUseWords({ ...settings, semantics: 'pytorch' })).toBe('in use');
  expect(inUseWords({ ...settings, equalization: { global: false, byName: {}, byType: {} } })).toBe('in use');
});
