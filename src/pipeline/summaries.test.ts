import { expect, it } from 'vitest';
import { calibrateSummary } from './summaries';

it('groups counts by thousands, and knows one from many', () => {
  expect(calibrateSummary(7000, 1)).toBe('7,000 samples in 1 batch');
  expect(calibrateSummary(1, 1200)).toBe('1 sample in 1,200 batches');
});
