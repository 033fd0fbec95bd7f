import { beforeEach, expect, it, vi } from 'vitest';
import type { StudioView } from '../../../src/index';
import type { Outcome } from '../../engine/api';
import { FakeEngine } from '../fakeEngine';
import { failed } from '../fakes/outcomes';
import { fakeSamples } from '../fakes/samples';
import { NOTHING } from '../fakes/views';
import type { StudioStore } from '../studio';
import { createStudioStore } from '../studioStore';
import { keepSaved } from './autosave';

const later = () => new Promise<void>((resolve) => setTimeout(resolve));

/** Its worker can end in the middle of a call: another one, which holds nothing, takes its place. */
class EndingEngine extends FakeEngine {
  /** Calls that wait for the end. */
  private waiting: (() => void)[] = [];

  waits<T>(): Promise<Outcome<T>> {
    return new Promise((resolve) =>
      this.waiting.push(() => resolve(failed('cancelled', 'The engine stopped.'))),
    );
  }
  async end(store: StudioStore): Promise<void> {
    this.show(NOTHING);
    const restored = store.getState().crash('out of memory');
    for (const settle of this.waiting.splice(0)) settle();
    await restored;
    await later();
  }
  override start = async () => {
    await later();
    return { ok: true, value: { name: 'cpu', adapter: 'none', label: 'CPU' } } as const;
  };
}

let engine: EndingEngine;
let store: StudioStore;
let views: StudioView[];
const state = () => store.getState();
const alerts = () => state().alerts.map(({ title, text }) => `${title}: ${text}`);

beforeEach(async () => {
  engine = new EndingEngine();
  store = createStudioStore(engine, fakeSamples);
  await state().start(null);
  await state().openModel([new File(['x'], 'net.onnx')]);
  await state().run('calibrate');
  await state().save();
  views = [];
  store.subscribe(({ view }) => views.push(view));
});

/** The work is there, was in sight all the time, and nothing but the note tells of the end. */
function expectRestored() {
  const { view, history, historyAt, job } = state();
  expect(views.filter(({ model }) => model === null)).toEqual([]);
  expect(Object.keys(view.steps)).toEqual(['load', 'prepare', 'calibrate']);
  expect(history[historyAt]?.state).toBe(view.state);
  expect([job, alerts()]).toEqual([null, []]);
  expect(state().status).toBe('The engine stopped (out of memory) and was started again: nothing is lost');
}

it('an end in the middle of a step run anew by hand brings back what was, and offers what was asked for', async () => {
  await state().run('equalize');
  await state().save();
  vi.spyOn(engine, 'run').mockImplementationOnce(() => engine.waits());
  const running = state().redo({ alpha: 0.75 }, 'α');
  await engine.end(store);
  await running;
  expect(views.filter(({ model }) => model === null)).toEqual([]);
  expect(Object.keys(state().view.steps)).toContain('equalize');
  expect(state().settings.alpha).toBe(0.5);
  expect(state().interrupted).toMatchObject({ job: 'equalize', settings: { alpha: 0.75 } });
  expect([state().job, alerts()]).toEqual([null, []]);
});

it('an end in the middle of Undo stays where the page was', async () => {
  vi.spyOn(engine, 'recall').mockImplementationOnce(() => engine.waits());
  const undoing = state().undo();
  await engine.end(store);
  await undoing;
  expectRestored();
});

it('an end in the middle of a save is no failed save: it is made up for', async () => {
  keepSaved(store, { read: () => null, write: () => undefined });
  vi.spyOn(engine, 'saveProject').mockImplementationOnce(() => engine.waits());
  const saving = state().save();
  await engine.end(store);
  await saving;
  expectRestored();
  await expect.poll(() => [state().saving.kind, state().unsaved]).toEqual(['saved', false]);
});

it('until the work is restored no step is run in the empty engine', async () => {
  vi.spyOn(engine, 'run').mockImplementationOnce(() => engine.waits());
  const running = state().run('convert');
  const ending = engine.end(store);
  await running;
  expect(state().job?.phase).toBe('Restore the work');
  engine.asked.length = 0;
  await state().run('equalize');
  expect(engine.asked).toEqual([]);
  await ending;
  expect(Object.keys(state().view.steps)).toEqual(['load', 'prepare', 'calibrate']);
  expect(state().interrupted?.job).toBe('convert');
});

it('an end while the page prepares to take a model over brings back what was, and not that model', async () => {
  let prepared = () => {};
  store.setState({
    prepareGraph: () =>
      new Promise((resolve) => {
        prepared = resolve;
      }),
  });
  const opening = state().openModel([new File(['x'], 'other.onnx')]);
  await later();
  const ending = engine.end(store);
  prepared();
  await Promise.all([opening, ending]);
  expect(views.map(({ model }) => model?.name)).not.toContain('other.onnx');
  expect(state().view.model?.name).toBe('net.onnx');
  expectRestored();
});
