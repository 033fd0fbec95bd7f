import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeEngine } from '../fakeEngine';
import { fakeSamples } from '../fakes/samples';
import type { StudioStore } from '../studio';
import { createStudioStore } from '../studioStore';
import { keepSaved, readTab } from './autosave';
import { isAtRisk, isSaved } from './saving';

let engine: FakeEngine;
let store: StudioStore;
let tab = '';
const memory = {
  read: () => tab,
  write: (text: string) => {
    tab = text;
  },
};
const state = () => store.getState();
const file = (name: string) => new File(['x'], name);
const settled = () => vi.advanceTimersByTimeAsync(2000);
const alerts = () => state().alerts.map(({ title, text }) => `${title}: ${text}`);

beforeEach(async () => {
  vi.useFakeTimers();
  tab = '';
  engine = new FakeEngine();
  store = createStudioStore(engine, fakeSamples);
  keepSaved(store, memory);
  await state().start(null);
  await state().openModel([file('net.onnx')]);
  await settled();
});
afterEach(() => void vi.useRealTimers());

it('saves a model that was opened, and says when everything up to now is saved', async () => {
  expect(isSaved(state())).toBe(true);
  await state().changeSettings({ method: 'smoothquant' });
  expect(isSaved(state())).toBe(false);
  await settled();
  expect(isSaved(state())).toBe(true);
  expect([...engine.projects.values()][0]?.page).toContain('"method":"smoothquant"');
});

it('saves quick changes together', async () => {
  const save = vi.spyOn(engine, 'saveProject');
  for (const alpha of [0.1, 0.2, 0.3]) await state().changeSettings({ alpha });
  await settled();
  expect(save).toHaveBeenCalledTimes(1);
});

it('saves once more what has changed while a save was under way', async () => {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  const plain = engine.saveProject.bind(engine);
  const save = vi.spyOn(engine, 'saveProject').mockImplementationOnce(async (page, kept) => {
    await promise;
    return plain(page, kept);
  });
  await state().changeSettings({ alpha: 0.1 });
  await settled();
  await state().changeSettings({ alpha: 0.2 });
  await settled();
  resolve();
  await settled();
  expect(save).toHaveBeenCalledTimes(2);
  expect(isSaved(state())).toBe(true);
});

it('the tab remembers where the user is at once, and a job under way', async () => {
  state().setTab('results');
  expect(readTab(memory)?.place.tab).toBe('results');
  let during = '';
  vi.spyOn(engine, 'run').mockImplementationOnce(async () => {
    during = tab;
    return { ok: false, error: { kind: 'cancelled', message: '', node: null } };
  });
  await state().run('prepare');
  expect(JSON.parse(during).interrupted.job).toBe('prepare');
  expect(readTab(memory)?.interrupted).toBeNull();
});

it('what the tab cannot read is as if there were nothing', () => {
  tab = '{"id": 3}';
  expect(readTab(memory)).toBeNull();
});

it('a change is saved though another model is opened at once', async () => {
  await state().changeSettings({ method: 'smoothquant' });
  await state().openModel([file('other.onnx')]);
  expect([...engine.projects.values()][0]?.page).toContain('"method":"smoothquant"');
});

it('a step that is done in the middle of a run is saved before the next one is', async () => {
  const plain = engine.run.bind(engine);
  vi.spyOn(engine, 'run')
    .mockImplementationOnce(plain)
    .mockReturnValueOnce(new Promise(() => {}));
  void state().run('convert');
  await vi.advanceTimersByTimeAsync(1);
  expect(state().job?.step).toBe('calibrate');
  const [project] = engine.projects.values();
  expect(Object.keys(project?.view.steps ?? {})).toEqual(['load', 'prepare']);
  expect(JSON.parse(project?.page ?? '').interrupted.job).toBe('convert');
  expect(readTab(memory)?.interrupted?.job).toBe('convert');
});

describe('a save that ends in an error', () => {
  it('is one that failed where the page cannot be written down, and the next one is made', async () => {
    store.setState({ settings: { ...state().settings, alpha: 7 } });
    await settled();
    expect(alerts()).toEqual([expect.stringContaining('net.onnx is not saved')]);
    await state().changeSettings({ alpha: 0.25 });
    await settled();
    expect([isSaved(state()), alerts()]).toEqual([true, []]);
  });

  it('and where the engine’s answer does not come through', async () => {
    vi.spyOn(engine, 'saveProject').mockRejectedValueOnce(new Error('could not be cloned'));
    await state().changeSettings({ alpha: 0.25 });
    await settled();
    expect(alerts()).toEqual(['net.onnx is not saved: could not be cloned']);
    await state().changeSettings({ alpha: 0.75 });
    await settled();
    expect(isSaved(state())).toBe(true);
  });

  it('a place that cannot be written down leaves the tab its project', () => {
    store.setState({ marked: Object.assign([], { 0: 3 }) });
    expect(readTab(memory)?.id).toBe(state().project?.id);
    tab = '{"id":';
    expect(readTab(memory)).toBeNull();
  });
});

describe('when it cannot be saved', () => {
  beforeEach(async () => {
    engine.refuseSaving = 'there is no more room';
    await state().run('prepare');
    await settled();
  });

  it('says so once, and takes it back when it is saved again', async () => {
    expect(alerts()).toEqual(['net.onnx is not saved: there is no more room']);
    state().dismiss(state().alerts[0]?.serial ?? 0);
    await state().run('calibrate');
    await settled();
    expect(alerts()).toEqual([]);
    expect(isAtRisk(state())).toBe(true);
    engine.refuseSaving = null;
    await state().run('equalize');
    await settled();
    expect([isAtRisk(state()), isSaved(state())]).toEqual([false, true]);
  });

  it('another model is not opened over it but at the second try', async () => {
    await state().openModel([file('other.onnx')]);
    expect(state().view.model?.name).toBe('net.onnx');
    expect(alerts().at(-1)).toContain('Save it as a file');
    await state().openModel([file('other.onnx')]);
    expect(state().view.model?.name).toBe('other.onnx');
  });

  it('nothing is at risk once it is in a file', async () => {
    await state().saveProjectFile();
    expect(isAtRisk(state())).toBe(false);
  });
});
