import { beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from './fakeEngine';
import { fakeLayer } from './fakes/layers';
import { fakeAdvice, fakeMethod } from './fakes/rows';
import { fakeSamples } from './fakes/samples';
import { adviceStale, comparedStale, methodInUse } from './findings';
import { jobLabel } from './selectors';
import type { StudioStore } from './studio';
import { createStudioStore } from './studioStore';

let engine: FakeEngine;
let store: StudioStore;
const state = () => store.getState();
const file = (name: string) => new File(['x'], name);
const stale = () => {
  const { compared } = state();
  return compared && comparedStale(compared, state());
};
const staleAdvice = () => {
  const { advice } = state();
  return advice && adviceStale(advice, state());
};

beforeEach(async () => {
  engine = new FakeEngine();
  engine.layers = ['a', 'b', 'c'].map(fakeLayer);
  engine.methods = [fakeMethod('none', 20), fakeMethod('smoothquant', 26), fakeMethod('pytorch', 9)];
  engine.advice = [fakeAdvice('a', 3), fakeAdvice('b', 0.05), fakeAdvice('c', 0)];
  store = createStudioStore(engine, fakeSamples);
  await state().openModel([file('net.onnx')]);
  await state().openData('calibration', [file('data.npy')]);
});

describe('a comparison of methods', () => {
  it('is a job beside the steps; the page says which method is the best', async () => {
    const labels: string[] = [];
    store.subscribe(({ job }) => job && labels.push(jobLabel(job)));
    await state().compareMethods();
    expect(labels).toContain('Compare methods · method 2 of 6');
    expect(state()).toMatchObject({ job: null, methodsView: 'comparison' });
    expect(state().compared?.rows).toHaveLength(3);
    expect(state().status).toBe(
      'Compare methods: highest SQNR by SmoothQuant α 0.5, 26.0 dB, plain int8 20.0 dB',
    );
    expect(state().view.steps).toEqual(expect.objectContaining({ load: expect.anything() }));
  });

  it('stays when the next one fails or is cancelled, and a new one settles the alert', async () => {
    await state().compareMethods();
    const { compared } = state();
    engine.besideError = { kind: 'graph', message: 'no memory', node: null };
    await state().compareMethods();
    expect(state().compared).toBe(compared);
    expect(state().alerts).toMatchObject([{ title: 'Compare methods failed', text: 'no memory' }]);
    engine.besideError = { kind: 'cancelled', message: '', node: null };
    await state().compareMethods();
    expect(state()).toMatchObject({ compared, alerts: [], status: 'Compare methods: cancelled' });
  });

  it('is of earlier settings or data once these change, and current again when they come back', async () => {
    await state().compareMethods();
    expect(stale()).toBeNull();
    await state().changeSettings({ method: 'auto', semantics: 'pytorch' });
    expect(stale()).toBeNull();
    await state().changeSettings({ qconfig: 'fbgemm' });
    expect(stale()).toBe('settings');
    await state().changeSettings({ qconfig: 'default' });
    expect(stale()).toBeNull();
    await state().equalizeLayers(['a'], 'off');
    expect(stale()).toBe('settings');
    await state().openData('calibration', [file('other.npy')]);
    expect(stale()).toBe('data');
    expect(state().compared?.rows).toHaveLength(3);
  });

  it('goes with its model', async () => {
    await state().compareMethods();
    await state().advise();
    await state().openModel([file('other.onnx')]);
    expect(state()).toMatchObject({ compared: null, advice: null });
  });
});

describe('a method from the table', () => {
  beforeEach(async () => {
    await state().equalizeLayers(['a'], 'off');
    await state().compareMethods();
  });

  it('is set with the layers and the α that the table is of', async () => {
    await state().changeSettings({ alpha: 0.9, equalization: { global: false, byName: {}, byType: {} } });
    await state().useMethod('smoothquant');
    expect(state().settings).toMatchObject({ method: 'smoothquant', alpha: 0.5, semantics: 'exact' });
    expect(state().settings.equalization).toEqual({ global: true, byName: { a: false }, byType: {} });
    expect(state().status).toMatch(/^Method SmoothQuant α 0.5/);
    expect(methodInUse(state().settings)).toBe('smoothquant');
  });

  it('leaves a later choice of layers alone', async () => {
    await state().equalizeLayers(['b'], 'off');
    await state().useMethod('pytorch');
    expect(state().settings.equalization.byName).toEqual({ a: false, b: false });
    expect(stale()).toBe('settings');
  });

  it('may be none at all, and the table still holds', async () => {
    await state().useMethod('none');
    expect(methodInUse(state().settings)).toBe('none');
    expect(stale()).toBeNull();
    await state().compareMethods();
    expect(state().compared?.settings.equalization.byName).toEqual({ a: false });
    await state().useMethod('pytorch');
    expect(state().settings).toMatchObject({ semantics: 'pytorch', equalization: { byName: { a: false } } });
  });

  it('leaves choices by hand, and says so', async () => {
    await state().changeSettings({ byHand: { methods: { b: 'auto' }, scales: {} } });
    await state().useMethod('smoothquant');
    expect(state().settings.byHand.methods).toEqual({ b: 'auto' });
    expect(state().status).toContain('Layers set by hand keep what they have');
  });
});

describe('advice', () => {
  it('is applied: what gains nothing is left out, the rest equalized by search', async () => {
    await state().run('convert');
    await state().advise();
    expect(state()).toMatchObject({
      methodsView: 'advice',
      status: 'Advise: equalization gains at least 0.1 dB at 1 of 3 layers',
    });
    await state().applyAdvice();
    expect(state().settings).toMatchObject({
      method: 'auto',
      equalization: { global: true, byName: { b: false, c: false }, byType: {} },
    });
    expect(state().status).toBe(
      'Advice applied: equalizes 1 layer by auto, leaves out b, c. Equalize and the steps after it must run again: click Convert',
    );
    expect(staleAdvice()).toBeNull();
  });

  it('holds for one qconfig and one set of data', async () => {
    await state().advise();
    await state().openData('evaluation', [file('labelled.npz')]);
    expect(staleAdvice()).toBeNull();
    await state().chooseQConfig(['a'], 'fbgemm');
    expect(staleAdvice()).toBe('settings');
  });
});
