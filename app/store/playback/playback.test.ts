import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Form, Playback, StepName } from '../../../src/index';
import type { Outcome, ProgressListener } from '../../engine/api';
import { FakeEngine } from '../fakeEngine';
import { fakeSamples } from '../fakes/samples';
import { createStudioStore } from '../studioStore';
import { fakePlayback } from './fakePlayback';
import { SLOW_MS } from './playbackLoader';
import { CHANGE_MS } from './playbackSlice';
import { currentChange, playedOf, positionOf, waitOf } from './position';
import { shownText } from './shownText';

const CHANGES = ['observer records the range of x.', 'fc reads the observed x.'];

/** A store that shows a step of two changes. */
async function prepared(engine: FakeEngine = new FakeEngine()) {
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

describe('waiting for the changes of a large step', () => {
  /** Answers when it is told to, and counts how often it was requests. */
  class SlowEngine extends FakeEngine {
    requests = 0;
    cancelled = 0;
    tell: ProgressListener = () => undefined;
    answer: () => void = () => undefined;

    override playback = (step: StepName, form: Form, onProgress: ProgressListener) => {
      this.requests++;
      this.tell = onProgress;
      return new Promise<Outcome<Playback>>((resolve) => {
        this.answer = () => resolve({ ok: true, value: fakePlayback(step, form) });
      });
    };
    override cancelPlayback = async () => {
      this.cancelled++;
    };
  }

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('says how far it is once it takes long, and asks once however often the key is pressed', async () => {
    const engine = new SlowEngine();
    const store = await prepared(engine);
    const going = [store.getState().previousChange(), store.getState().previousChange()];
    engine.tell('Playback', 1, 2);
    expect(waitOf(store.getState())).toBeNull();
    await vi.advanceTimersByTimeAsync(SLOW_MS + 1);
    engine.tell('Playback', 1, 2);
    expect(waitOf(store.getState())).toMatchObject({ done: 1, total: 2 });
    store.getState().showStep('load');
    expect(waitOf(store.getState())).toBeNull();
    store.getState().showStep('prepare');
    engine.answer();
    await Promise.all(going);
    expect(engine.requests).toBe(1);
    expect(waitOf(store.getState())).toBeNull();
    expect(positionOf(store.getState())).toBe(1);
  });

  it('ends with its button, in the finished step; a late answer changes nothing', async () => {
    const engine = new SlowEngine();
    const store = await prepared(engine);
    const playing = store.getState().play();
    await vi.advanceTimersByTimeAsync(SLOW_MS + 1);
    engine.tell('Playback', 1, 2);
    store.getState().cancelPlayback();
    expect(engine.cancelled).toBe(1);
    expect(store.getState()).toMatchObject({
      playbackWait: null,
      playing: false,
      status: 'Playback: cancelled',
    });
    engine.tell('Playback', 2, 2);
    engine.answer();
    await playing;
    expect(waitOf(store.getState())).toBeNull();
    expect(playedOf(store.getState())).toBeNull();
    expect(store.getState().playing).toBe(false);
  });
});
