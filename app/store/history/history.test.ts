import { beforeEach, expect, it, vi } from 'vitest';
import { FakeEngine } from '../fakeEngine';
import { fakeSamples } from '../fakes/samples';
import type { StudioStore } from '../studio';
import { createStudioStore } from '../studioStore';
import { HISTORY_LIMIT } from './keepHistory';
import { keptStates } from './keptStates';

let engine: FakeEngine;
let store: StudioStore;
const state = () => store.getState();
const labels = () => state().history.map(({ label }) => label);

beforeEach(async () => {
  engine = new FakeEngine();
  store = createStudioStore(engine, fakeSamples);
  await state().openModel([new File(['x'], 'net.onnx')]);
});

it('has an entry for each step and each setting', async () => {
  await state().run('calibrate');
  await state().changeSettings({ method: 'smoothquant' });
  expect(labels()).toEqual(
    ['Load', 'Prepare', 'Calibrate', 'Method: SmoothQuant'].map((label) =>
      expect.stringMatching(new RegExp(label, 'i')),
    ),
  );
});

it('takes back settings with their results, and brings them back', async () => {
  await state().run('prepare');
  engine.forgetFrom = 'prepare';
  await state().changeSettings({ qconfig: 'fbgemm' });
  expect(state().view.steps.prepare).toBeUndefined();
  await state().undo();
  expect([state().settings.qconfig, state().view.steps.prepare?.step]).toEqual(['default', 'prepare']);
  await state().bringBack();
  expect([state().settings.qconfig, state().view.steps.prepare]).toEqual(['fbgemm', undefined]);
});

it('what was taken back is gone with the next change', async () => {
  await state().run('prepare');
  await state().undo();
  await state().changeSettings({ qconfig: 'fbgemm' });
  expect(labels()).toEqual(['Load', 'QConfig: fbgemm']);
  await state().bringBack();
  expect(state().status).toBe('There is nothing to redo');
});

it('quick changes of one setting are one entry', async () => {
  for (const alpha of [0.1, 0.2, 0.3]) await state().changeSettings({ alpha });
  expect(labels()).toEqual(['Load', 'α: 0.3']);
});

it('lets go of the oldest entries, and of their states', async () => {
  const keep = vi.spyOn(engine, 'keepStates');
  for (let count = 0; count <= HISTORY_LIMIT; count++)
    await state().changeSettings(
      count % 2 === 0 ? { qconfig: 'fbgemm' } : { method: 'smoothquant', alpha: count / 200 },
    );
  expect(state().history.length).toBeLessThanOrEqual(HISTORY_LIMIT);
  expect(keep).toHaveBeenLastCalledWith(keptStates(state()));
});

it('keeps the states of compared runs, also when they were taken back', async () => {
  await state().openData('calibration', [new File(['x'], 'data.npy')]);
  await state().run('convert');
  const { state: run } = state().view;
  await state().undo();
  await state().changeSettings({ qconfig: 'fbgemm' });
  expect(state().history.some((entry) => entry.state === run)).toBe(false);
  expect(keptStates(state())).toContain(run);
});
