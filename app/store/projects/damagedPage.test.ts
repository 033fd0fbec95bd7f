import { beforeEach, expect, it } from 'vitest';
import { FakeEngine } from '../fakeEngine';
import { fakeSamples } from '../fakes/samples';
import type { StudioStore } from '../studio';
import { createStudioStore } from '../studioStore';

let engine: FakeEngine;
let store: StudioStore;
const state = () => store.getState();
const file = (name: string) => new File(['x'], name);
const alerts = () => state().alerts.map(({ title, text }) => `${title}: ${text}`);

/** A project with results, whose page part is then another one; and a second one, which is open. */
async function twoProjects(damaged: (page: string) => string): Promise<string> {
  await state().openModel([file('net.onnx')]);
  await state().changeSettings({ method: 'smoothquant' });
  await state().run('prepare');
  await state().save();
  const id = state().project?.id ?? '';
  await state().closeProject();
  await state().openModel([file('other.onnx')]);
  await state().save();
  const project = engine.projects.get(id);
  if (project) engine.projects.set(id, { ...project, page: damaged(project.page) });
  return id;
}

const changed = (page: string, patch: object) => JSON.stringify({ ...JSON.parse(page), ...patch });

beforeEach(async () => {
  engine = new FakeEngine();
  store = createStudioStore(engine, fakeSamples);
  await state().start(null);
});

it.each<readonly [string, (page: string) => string]>([
  ['empty', () => '{}'],
  ['cut short', (page) => page.slice(0, 40)],
  ['no object', () => 'null'],
  ['without its history', (page) => changed(page, { history: 'gone' })],
  ['with a history that leads elsewhere', (page) => changed(page, { historyAt: 7 })],
])(
  'a project whose page part is %s opens with its model, results and settings, and says so',
  async (_, damaged) => {
    const id = await twoProjects(damaged);
    await state().openProject(id);
    const { view, project, settings, history, historyAt } = state();
    expect(view.model?.name).toBe('net.onnx');
    expect(Object.keys(view.steps)).toEqual(['load', 'prepare']);
    expect(project?.id).toBe(id);
    expect(settings.method).toBe('smoothquant');
    expect([history.length, history[historyAt]?.state]).toEqual([1, view.state]);
    expect(alerts()).toEqual([
      expect.stringContaining('Project net.onnx: A part of what the page remembers'),
    ]);
  },
);

it('only what cannot be read begins anew', async () => {
  const id = await twoProjects((page) => changed(page, { tab: 'gone', painted: true }));
  await state().openProject(id);
  expect([state().tab, state().painted, state().history.length]).toEqual(['layers', true, 3]);
  expect(alerts()[0]).toContain('tab: ');
});

it('a page part that is whole says nothing', async () => {
  await state().openProject(await twoProjects((page) => page));
  expect([state().history.length, alerts()]).toEqual([3, []]);
});

it('the next save writes the project that is open, and Undo stays in it', async () => {
  const id = await twoProjects(() => '{}');
  await state().openProject(id);
  await state().undo();
  await state().save();
  expect(state().view.model?.name).toBe('net.onnx');
  expect([...engine.projects.values()].map(({ name }) => name)).toEqual(['net.onnx', 'other.onnx']);
  expect(engine.projects.get(id)?.view.model?.name).toBe('net.onnx');
});
