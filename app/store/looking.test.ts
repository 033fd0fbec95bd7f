import { beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from './fakeEngine';
import { fakeSamples } from './fakes/samples';
import type { StudioStore } from './studio';
import { createStudioStore } from './studioStore';

let engine: FakeEngine;
let store: StudioStore;
const state = () => store.getState();
const alerts = () => state().alerts.map(({ title, text }) => `${title}: ${text}`);
const file = (name: string) => new File(['x'], name);

beforeEach(() => {
  engine = new FakeEngine();
  store = createStudioStore(engine, fakeSamples);
});

describe('alerts', () => {
  const refuseData = () => state().openData('calibration', [file('broken.npy')]);

  it('keeps the newest twenty, and one of a kind', async () => {
    for (let count = 0; count <= 20; count++) state().report(`error ${count}`);
    state().report('error 20');
    const texts = state().alerts.map(({ text }) => text);
    expect(texts).toHaveLength(20);
    expect([texts[0], texts.at(-1)]).toEqual(['error 1', 'error 20']);
  });

  it('takes those about data away once that data is open, and all of them with another model', async () => {
    await state().openModel([file('net.onnx')]);
    await refuseData();
    expect(alerts()).toEqual(['broken.npy was not opened: broken.npy is cut off.']);
    await state().openData('calibration', [file('data.npy')]);
    expect(alerts()).toEqual([]);
    await refuseData();
    await state().openModel([file('other.onnx')]);
    expect(alerts()).toEqual([]);
  });
});

describe('finished runs', () => {
  it('keeps one for each choice of settings, until another model is open', async () => {
    await state().openModel([file('net.onnx')]);
    await state().openData('calibration', [file('data.npy')]);
    await state().run('convert');
    await state().run('convert');
    await state().changeSettings({ semantics: 'pytorch' });
    await state().run('convert');
    expect(state().runs.map(({ serial, settings }) => `${serial} ${settings.semantics}`)).toEqual([
      '2 exact',
      '3 pytorch',
    ]);
    await state().openModel([file('other.onnx')]);
    expect(state().runs).toEqual([]);
  });
});

describe('looking', () => {
  beforeEach(async () => {
    await state().openModel([file('net.onnx')]);
    await state().run('convert');
  });

  it('asks the step before about a node that the shown step removed', async () => {
    state().goTo('observer');
    await state().refreshDetails();
    expect(engine.inspected).toContain('equalize observer');
    expect(state().centred).toEqual({ node: 'observer', serial: 1 });
  });

  it('asks nothing about a node that neither graph holds', async () => {
    state().showStep('load');
    engine.inspected.length = 0;
    state().select('observer');
    await state().refreshDetails();
    expect(engine.inspected).toEqual([]);
  });

  it('drops the selection when no step holds the node any more', async () => {
    state().select('observer');
    await state().openModel([file('other.onnx')]);
    expect(state().selected).toBeNull();
  });

  it('exports the shown step, and says why it cannot', async () => {
    state().showStep('equalize');
    expect((await state().exportFile('text'))?.name).toBe('equalize.text');
    expect(await state().exportFile('onnx')).toBeNull();
    expect(alerts()).toEqual(['Export: no ONNX here']);
    state().dismiss(state().alerts[0]?.serial ?? -1);
    expect(state().alerts).toEqual([]);
  });
});
