import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeEngine } from '../fakeEngine';
import { fakeSamples } from '../fakes/samples';
import { createStudioStore } from '../studioStore';
import { CHANGE_MS } from './playbackSlice';
import { currentChange, playedOf, positionOf } from './position';
import { shownText } from './shownText';

const CHANGES = ['observer records the range of x.', 'fc reads the observed x.'];

/** A store that shows a step of two changes. */
async function prepared() {
  const engine = new FakeEngine();
  const store = createStudioStore(engine, fakeSamples);
  await store.getState().openModel([new File([], 'm.json')]);
  await store.getState().run('prepare');
  const { view } = store.getState();
  const step = view.steps.prepare;
  if (step === undefined) throw new Error('prepare has run');
  const changes = CHANGES.map((sentence) => ({
    kind: 'rescale' as const,
    what: 'observed' as const,
    nodes: [],
    params: [],
    sentence,
  }));
  store.setState({ view: { ...view, steps: { ...view.steps, prepare: { ...step, changes } } } });
  return store;
}

it('a finished step stands behind its last change; the one before is one step back', async () => {
  const store = await prepared();
  const at = () => positionOf(store.getState());
  expect(at()).toBe(2);
  expect(playedOf(store.getState())).toBeNull();
  await store.getState().previousChange();
  expect(at()).toBe(1);
  expect(currentChange(store.getState())?.change.sentence).toBe(CHANGES[0]);
  expect(store.getState().explanation?.why).toBe('change 0 of prepare');
  await store.getState().previousChange();
  await store.getState().previousChange();
  expect(at()).toBe(0);
  expect(currentChange(store.getState())).toBeNull();
  for (let i = 0; i < 3; i++) await store.getState().nextChange();
  expect(at()).toBe(2);
});

it('the FX text is that of the graph at the position', async () => {
  const store = await prepared();
  const lines = () => shownText(store.getState())?.split('\n').length;
  await store.getState().seek(0);
  expect(lines()).toBe(3);
  await store.getState().seek(1);
  expect(lines()).toBe(4);
  await store.getState().seek(null);
  expect(shownText(store.getState())).toBe(store.getState().view.steps.prepare?.graph.text);
});

it('another step is shown finished, and so is the first when it is shown again', async () => {
  const store = await prepared();
  await store.getState().seek(1);
  store.getState().showStep('load');
  expect(playedOf(store.getState())).toBeNull();
});

it('another column is explained at the same change', async () => {
  const store = await prepared();
  await store.getState().seek(1);
  expect(store.getState().explanation?.choice?.chosen).toBe(2);
  await store.getState().explainPart(3);
  expect(store.getState().explanation?.choice?.chosen).toBe(3);
});

describe('playing', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('begins anew where nothing is left, goes on by the speed and stops at the end', async () => {
    const store = await prepared();
    store.getState().setSpeed(2);
    await store.getState().play();
    expect(positionOf(store.getState())).toBe(0);
    await vi.advanceTimersByTimeAsync(CHANGE_MS / 2);
    expect(positionOf(store.getState())).toBe(1);
    await vi.advanceTimersByTimeAsync(CHANGE_MS);
    expect(positionOf(store.getState())).toBe(2);
    await vi.advanceTimersByTimeAsync(CHANGE_MS);
    expect(store.getState().playing).toBe(false);
  });

  it('ends with a pause, a step by hand, and another step', async () => {
    const store = await prepared();
    await store.getState().play();
    store.getState().pause();
    await vi.advanceTimersByTimeAsync(CHANGE_MS * 3);
    expect(positionOf(store.getState())).toBe(0);
    await store.getState().play();
    await store.getState().nextChange();
    expect(store.getState().playing).toBe(false);
    await store.getState().play();
    store.getState().showStep('load');
    await vi.advanceTimersByTimeAsync(CHANGE_MS * 2);
    expect(store.getState().playing).toBe(false);
  });
});
