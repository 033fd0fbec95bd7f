import { beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from './fakeEngine';
import { fakeSamples } from './fakes/samples';
import { sizesOf } from './layersSlice';
import type { StudioStore } from './studio';
import { createStudioStore } from './studioStore';

let store: StudioStore;
beforeEach(async () => {
  store = createStudioStore(new FakeEngine(), fakeSamples);
  await store.getState().start(null);
  await store.getState().openModel([new File([], 'weights.pt')]);
});

describe('layers of a file without a graph', () => {
  it('are proposed in place of an alert', () => {
    const { assistant, alerts } = store.getState();
    expect(alerts).toEqual([]);
    expect(assistant).toMatchObject({ open: true, input: '2', proposal: { file: 'weights.pt' } });
  });

  it('say at once what does not fit, and keep what was typed when put away', async () => {
    await store.getState().changeInput('3, wide');
    expect(store.getState().assistant?.check.problem).toBe('The shape of a sample needs numbers.');
    store.getState().showLayers(false);
    await store.getState().openModel([new File([], 'broken.onnx')]);
    store.getState().showLayers(true);
    expect(store.getState().assistant).toMatchObject({ open: true, input: '3, wide' });
  });

  it('are forgotten with another model', async () => {
    await store.getState().openModel([new File([], 'net.onnx')]);
    expect(store.getState().assistant).toBeNull();
  });

  it('become a model, or stay with the reason', async () => {
    const layers = store.getState().assistant?.plan.layers ?? [];
    await store.getState().changePlan({ layers: layers.map((layer) => ({ ...layer, included: false })) });
    await store.getState().buildLayers();
    expect(store.getState().assistant?.error).toBe('The layers do not make a model.');
    await store.getState().changePlan({ layers });
    await store.getState().buildLayers();
    expect(store.getState()).toMatchObject({ assistant: null, view: { model: { name: 'layers' } } });
  });
});

it.each([
  ['3, 32, 32', [3, 32, 32]],
  ['3x32×32', [3, 32, 32]],
  [' 7 ', [7]],
  ['', []],
  ['a', [Number.NaN]],
])('%j is %j', (text, sizes) => {
  expect(sizesOf(text)).toEqual(sizes);
});
