import { beforeEach, expect, it } from 'vitest';
import { FakeEngine } from '../fakeEngine';
import { fakeSamples } from '../fakes/samples';
import type { StudioStore } from '../studio';
import { createStudioStore } from '../studioStore';
import { takeSettings } from './linkedSettings';

let engine: FakeEngine;
let store: StudioStore;
const state = () => store.getState();
const LINKED = { method: 'smoothquant', alpha: 0.75 } as const;
const alerts = () => state().alerts.map(({ title, text }) => `${title}: ${text}`);

/** A project with results under the first settings, closed again. */
async function closedProject(): Promise<string> {
  await state().openModel([new File(['x'], 'net.onnx')]);
  await state().run('equalize');
  await state().save();
  const id = state().project?.id ?? '';
  await state().closeProject();
  return id;
}

const expectOwn = () => {
  expect([state().settings.method, state().settings.alpha]).toEqual(['input-weight', 0.5]);
  expect(Object.keys(state().view.steps)).toContain('equalize');
  expect(alerts()).toEqual([
    expect.stringContaining('The settings of the link: They were not used: the project “net.onnx” keeps'),
  ]);
};

beforeEach(async () => {
  engine = new FakeEngine();
  engine.forgetFrom = 'equalize';
  store = createStudioStore(engine, fakeSamples);
  await state().start(null);
});

it('a link’s settings hold for the model that is opened next', async () => {
  await takeSettings(store, LINKED, null);
  await state().openModel([new File(['x'], 'net.onnx')]);
  expect(state().settings).toMatchObject(LINKED);
  expect(state().status).toBe('Settings of the link taken over');
});

it('and for one that the address has opened, though it is saved by now', async () => {
  await state().openModel([new File(['x'], 'net.onnx')]);
  await state().save();
  await takeSettings(store, LINKED, 'model');
  expect(state().settings).toMatchObject(LINKED);
});

it('a project that is opened next keeps its own settings and its steps, and the page says so', async () => {
  const id = await closedProject();
  await takeSettings(store, LINKED, null);
  await state().openProject(id);
  expectOwn();
});

it('so does the project that the tab came back to', async () => {
  await state().openProject(await closedProject());
  await takeSettings(store, LINKED, 'project');
  expectOwn();
});
