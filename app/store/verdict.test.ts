import { expect, it } from 'vitest';
import { NOTHING, RESULTS } from './fakes/views';
import { verdictOf } from './verdict';
import { FIRST_SETTINGS } from './vocabulary';

const LOST = { ...NOTHING, results: { ...RESULTS, sqnr: { plain: 20, equalized: 18 } } };
const scaled = (scales: Readonly<Record<string, Readonly<Record<number, number>>>>) => ({
  ...FIRST_SETTINGS,
  byHand: { methods: {}, scales },
});

it('names scales set by hand before the method where int8 lost', () => {
  const causes = (settings: typeof FIRST_SETTINGS) =>
    verdictOf(LOST, settings)?.reasons.filter((text) => text.startsWith('Possible cause: ')) ?? [];
  expect(causes(FIRST_SETTINGS)).toHaveLength(1);
  const [first, method] = causes(scaled({ fc: { 3: 50 } }));
  expect(first).toMatch(/^Possible cause: 1 scale of fc is set by hand/);
  expect(method).toBe(causes(FIRST_SETTINGS)[0]);
  expect(causes(scaled({ fc: { 3: 50, 4: 2 }, head: { 0: 2 } }))[0]).toMatch(
    /3 scales of 2 layers are set by hand/,
  );
  expect(causes({ ...scaled({ fc: { 3: 50 } }), semantics: 'pytorch' })[0]).toContain('PyTorch');
});
