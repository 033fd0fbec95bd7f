import { describe, expect, it } from 'vitest';
import type { LayerView, Settings, StudioView } from '../../src/index';
import { FakeEngine } from './fakeEngine';
import { fakeLayer } from './fakes/layers';
import { fakeSamples } from './fakes/samples';
import { createStudioStore } from './studioStore';
import { verdictOf } from './verdict';
import { FIRST_SETTINGS } from './vocabulary';

const layer = (name: string, more: Partial<LayerView> = {}): LayerView => ({
  ...fakeLayer(name),
  decision: 'fold',
  sqnr: { plain: 20, equalized: 18 },
  ...more,
});

async function viewOf(layers: readonly LayerView[]): Promise<StudioView> {
  const store = createStudioStore(new FakeEngine(), fakeSamples);
  await store.getState().openModel([new File(['x'], 'net.onnx')]);
  await store.getState().openData('calibration', [new File(['x'], 'data.npy')]);
  await store.getState().run('convert');
  const results = {
    sqnr: { plain: 20, equalized: 18 },
    accuracy: null,
    verification: null,
    lowestFirst: [],
  };
  return { ...store.getState().view, layers, results };
}

const withScales = (scales: Settings['byHand']['scales'], more: Partial<Settings> = {}): Settings => ({
  ...FIRST_SETTINGS,
  ...more,
  byHand: { methods: {}, scales },
});

describe('where equalization lost', () => {
  it('scales set by hand are named before the method', async () => {
    const verdict = verdictOf(await viewOf([layer('fc')]), withScales({ fc: { 3: 8 } }));
    expect(verdict?.reasons.slice(1, 2)).toEqual([
      'A possible cause: the scale set by hand, of column 3 of fc.',
    ]);
    expect(verdict?.reasons).toHaveLength(3);
    expect(verdict?.byHand).toEqual([{ column: 3, value: 8, layer: 'fc', at: 3 }]);
  });

  it('several are counted, with their layers', async () => {
    const view = await viewOf(['a', 'b', 'c', 'd'].map((name) => layer(name)));
    const one = { 0: 2 };
    expect(verdictOf(view, withScales({ a: { 0: 2, 5: 4 } }))?.reasons[1]).toBe(
      'A possible cause: the 2 scales set by hand, of a.',
    );
    expect(verdictOf(view, withScales({ a: one, b: one, c: one, d: one }))?.reasons[1]).toBe(
      'A possible cause: the 4 scales set by hand, of a, b and 2 more.',
    );
  });

  it('those that do not count are no cause: of a layer that is left alone, and in PyTorch semantics', async () => {
    const skipped = await viewOf([layer('fc', { decision: 'skip' })]);
    expect(verdictOf(skipped, withScales({ fc: { 3: 8 } }))?.byHand).toEqual([]);
    const pytorch = withScales({ fc: { 3: 8 } }, { semantics: 'pytorch' });
    const verdict = verdictOf(await viewOf([layer('fc')]), pytorch);
    expect(verdict?.byHand).toEqual([]);
    expect(verdict?.reasons.join()).not.toContain('by hand');
  });

  it('a sentence goes on in lower case behind its colon', async () => {
    const view = await viewOf([layer('fc')]);
    for (const method of ['input-weight', 'cross-layer', 'auto'] as const)
      for (const qconfig of ['default', 'per-channel'] as const) {
        const { reasons } = verdictOf(view, { ...FIRST_SETTINGS, method, qconfig }) ?? { reasons: [] };
        expect(reasons.at(-1)).toMatch(/^A possible cause: [a-z]/);
      }
  });
});

it('before Convert there is no verdict, though Equalize has results', async () => {
  const view = await viewOf([layer('fc')]);
  const { convert: _, ...steps } = view.steps;
  expect(verdictOf({ ...view, steps }, FIRST_SETTINGS)).toBeNull();
});

it('a gain that ends low says what the error is, and one that ends high does not', async () => {
  const view = await viewOf([layer('fc')]);
  const at = (plain: number, equalized: number) =>
    verdictOf(
      { ...view, results: view.results && { ...view.results, sqnr: { plain, equalized } } },
      FIRST_SETTINGS,
    );
  expect(at(4, 4.5)?.tone).toBe('better');
  expect(at(4, 4.5)?.reasons).toEqual([expect.stringMatching(/^At 4\.5 dB the int8 model’s error is 60 % /)]);
  expect(at(9.9, 9.9)?.reasons[0]).toContain('32 %');
  expect(at(9, 10)?.reasons).toEqual([]);
  expect(at(4, Number.POSITIVE_INFINITY)?.reasons).toEqual([]);
});
