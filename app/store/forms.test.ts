import { describe, expect, it } from 'vitest';
import { FakeEngine } from './fakeEngine';
import { fakeSamples } from './fakes/samples';
import { createStudioStore } from './studioStore';

async function converted() {
  const engine = new FakeEngine();
  const store = createStudioStore(engine, fakeSamples);
  await store.getState().openModel([new File([], 'm')]);
  await store.getState().run('convert');
  return { engine, state: () => store.getState() };
}

describe('the form of the converted graph', () => {
  it('is the lowered one until the other is chosen, for graph, text and inspector', async () => {
    const { engine, state } = await converted();
    expect(state().view.steps.convert?.graph.text).toBe('x\nfc');
    state().setForm('reference');
    expect(state().view.steps.convert?.graph.text).toBe('reference');
    state().select('x');
    await state().refreshDetails();
    expect(engine.inspected.at(-1)).toBe('convert x (reference)');
    expect((await state().exportFile('text'))?.name).toBe('convert-reference.text');
    state().setForm('lowered');
    expect(state().view.steps.convert?.graph.text).toBe('x\nfc');
  });

  it('stays when Convert runs again', async () => {
    const { state } = await converted();
    state().setForm('reference');
    await state().run('convert');
    expect(state().view.steps.convert?.graph.text).toBe('reference');
  });

  it('keeps a selected node that only other graphs have', async () => {
    const { state } = await converted();
    state().select('fc');
    state().setForm('reference');
    expect(state().selected).toBe('fc');
    expect(state().shown).toBe('convert');
  });
});
