import { beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from '../fakeEngine';
import { fakeSamples } from '../fakes/samples';
import type { Left, StudioStore } from '../studio';
import { createStudioStore } from '../studioStore';
import { keepSaved, readTab } from './autosave';

let engine: FakeEngine;
let tab = '';
const memory = {
  read: () => tab,
  write: (text: string) => {
    tab = text;
  },
};
/** What the tab remembers. */
function left(): Left {
  const found = readTab(memory);
  if (found === null) throw new Error('the tab remembers nothing');
  return found;
}

beforeEach(async () => {
  tab = '';
  engine = new FakeEngine();
  const store = createStudioStore(engine, fakeSamples);
  await store.getState().start(null);
  keepSaved(store, memory);
  await store.getState().openModel([new File(['x'], 'net.onnx')]);
  await store.getState().save();
});

/** The page behind a reload, before it has asked for the project. */
function reloaded(): StudioStore {
  const store = createStudioStore(engine, fakeSamples);
  keepSaved(store, memory);
  store.getState().comeBack(left());
  return store;
}

describe('a page that comes back to a project', () => {
  it('names it until it is there', async () => {
    const store = reloaded();
    expect(store.getState().returning).toBe('net.onnx');
    await store.getState().start(null);
    const opening = store.getState().openProject(left().id, left());
    expect(store.getState().returning).toBe('net.onnx');
    await opening;
    expect(store.getState()).toMatchObject({ returning: null, view: { model: { name: 'net.onnx' } } });
  });

  it('shows the first page where the project is gone, and says so', async () => {
    const store = reloaded();
    await store.getState().start(null);
    engine.projects.clear();
    await store.getState().openProject(left().id, left());
    expect(store.getState()).toMatchObject({ returning: null, view: { model: null } });
    expect(store.getState().alerts[0]?.text).toContain('There is no project');
  });

  it('shows the first page where the engine ends meanwhile', async () => {
    const store = reloaded();
    await store.getState().crash('out of memory');
    expect(store.getState().returning).toBeNull();
  });

  it('names none where the tab remembers it without', () => {
    const { name: _, ...before } = left();
    tab = JSON.stringify(before);
    expect(reloaded().getState().returning).toBe('');
  });
});

it('a page with nothing to come back to begins with the first page', () => {
  expect(createStudioStore(engine, fakeSamples).getState().returning).toBeNull();
});
