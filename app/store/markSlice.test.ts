import { beforeEach, expect, it } from 'vitest';
import { FakeEngine } from './fakeEngine';
import { fakeLayer } from './fakes/layers';
import { fakeSamples } from './fakes/samples';
import type { StudioStore } from './studio';
import { createStudioStore } from './studioStore';

let store: StudioStore;
const state = () => store.getState();
const marked = () => state().marked.toSorted().join('');

beforeEach(async () => {
  const engine = new FakeEngine();
  engine.layers = ['a', 'b', 'c', 'd', 'e'].map((name) => fakeLayer(name));
  store = createStudioStore(engine, fakeSamples);
  await state().openModel([new File(['x'], 'net.onnx')]);
});

it('marks one row alone, or turns single rows on and off', () => {
  state().mark('b', 'toggle');
  state().mark('d', 'toggle');
  expect(marked()).toBe('bd');
  state().mark('b', 'toggle');
  expect(marked()).toBe('d');
  state().mark('e', 'only');
  expect(marked()).toBe('e');
});

it('adds the rows from the last one marked, upwards and downwards', () => {
  state().mark('c', 'only');
  state().mark('d', 'range');
  expect(marked()).toBe('cd');
  state().mark('a', 'range');
  expect(marked()).toBe('abcd');
});

it('begins a range at its only row when none was marked before', () => {
  state().mark('c', 'range');
  expect(marked()).toBe('c');
  state().mark('e', 'range');
  expect(marked()).toBe('cde');
});

it('begins a range at the row to which keys have moved', () => {
  state().mark('a', 'only');
  state().mark('d', 'from');
  state().mark('d', 'range');
  state().mark('e', 'range');
  expect(marked()).toBe('ade');
});

it('marks many at once, and none of another model', async () => {
  state().markAll(['a', 'e']);
  expect(marked()).toBe('ae');
  await state().openModel([new File(['x'], 'other.onnx')]);
  expect(marked()).toBe('');
});
