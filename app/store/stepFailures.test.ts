import { beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from './fakeEngine';
import { fakeSamples } from './fakes/samples';
import { failedAt, stepState } from './selectors';
import type { StudioStore } from './studio';
import { createStudioStore } from './studioStore';

let engine: FakeEngine;
let store: StudioStore;
const state = () => store.getState();
const failAt = (step: 'calibrate' | 'convert', node: string) => {
  engine.stopAt = { step, kind: 'graph', message: `${node} is at fault. Do without.`, node };
  return state().run(step);
};

beforeEach(async () => {
  engine = new FakeEngine();
  store = createStudioStore(engine, fakeSamples);
  await state().openModel([new File(['x'], 'net.onnx')]);
});

describe('a step that fails at a node', () => {
  it('marks, selects and shows the node', async () => {
    await failAt('calibrate', 'observer');
    expect(stepState(state(), 'calibrate')).toBe('failed');
    expect(failedAt(state(), 'observer')).toBe('calibrate');
    expect(failedAt(state(), 'fc')).toBeNull();
    expect(state().selected).toBe('observer');
    expect(state().centred?.node).toBe('observer');
    expect(state().alerts.map(({ title }) => title)).toEqual(['Calibrate failed at observer']);
  });

  it('shows the graph that the step worked on, where the shown one does not hold the node', async () => {
    await state().run('convert');
    state().showStep('convert');
    await failAt('calibrate', 'observer');
    expect(state().shown).toBe('prepare');
    expect(state().selected).toBe('observer');
  });

  it('is told in the alert alone when the node is gone', async () => {
    await failAt('calibrate', 'no_such_node');
    expect(state().selected).toBeNull();
    expect(state().alerts[0]?.title).toBe('Calibrate failed at no_such_node');
  });

  it('marks it no longer once the step has run, or the settings have changed', async () => {
    await failAt('calibrate', 'fc');
    engine.stopAt = null;
    await state().run('calibrate');
    expect(failedAt(state(), 'fc')).toBeNull();

    await failAt('convert', 'fc');
    expect(failedAt(state(), 'fc')).toBe('convert');
    await state().changeSettings({ semantics: 'pytorch' });
    expect(failedAt(state(), 'fc')).toBeNull();
    expect(state().alerts).toEqual([]);
  });
});
