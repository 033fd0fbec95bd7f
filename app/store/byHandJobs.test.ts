import { beforeEach, describe, expect, it } from 'vitest';
import type { NodeDetails, ScaleEdit } from '../../src/index';
import { editsOf, ownMethod, scaleProblem } from './byHand';
import { FakeEngine } from './fakeEngine';
import { fakeDetails, fakeLayer } from './fakes/layers';
import { fakeSamples } from './fakes/samples';
import type { StudioStore } from './studio';
import { createStudioStore } from './studioStore';

let engine: FakeEngine;
let store: StudioStore;
const state = () => store.getState();
const byHand = () => state().settings.byHand;
const doneSteps = () => Object.keys(state().view.steps);

/** q and k share their scales. */
const LAYERS = [{ ...fakeLayer('q'), region: ['k'] }, { ...fakeLayer('k'), region: ['q'] }, fakeLayer('fc')];

beforeEach(async () => {
  engine = new FakeEngine();
  engine.layers = LAYERS;
  store = createStudioStore(engine, fakeSamples);
  await state().openModel([new File(['x'], 'net.onnx')]);
  await state().openData('calibration', [new File(['x'], 'data.npy')]);
});

describe('a scale set by hand', () => {
  it('runs again up to the step that was there, and keeps looking where the user looked', async () => {
    await state().run('convert');
    state().showStep('equalize');
    engine.asked.length = 0;
    const seen = new Set<string>();
    store.subscribe(({ view }) => seen.add(Object.keys(view.steps).join(' ')));
    await state().setScales('fc', { 3: 0.5 });
    expect(engine.asked).toEqual(['equalize', 'convert']);
    expect([...seen]).toEqual(['load prepare calibrate equalize convert']);
    expect(state().shown).toBe('equalize');
    expect(byHand().scales).toEqual({ fc: { 3: 0.5 } });
    expect(state().status).toBe('Scale of column 3 of fc: 0.5. Convert: convert is done');
    expect(state().runs).toHaveLength(2);
  });

  it('waits where Equalize has not run', async () => {
    await state().run('calibrate');
    engine.asked.length = 0;
    await state().setScales('fc', { 3: 0.5 });
    expect(engine.asked).toEqual([]);
    expect(byHand().scales).toEqual({ fc: { 3: 0.5 } });
  });

  it('takes the place of one set at a layer that shares it, and is taken back wherever it was set', async () => {
    await state().setScales('k', { 1: 4, 2: 8 });
    const edits: readonly ScaleEdit[] = [{ column: 1, value: 4, layer: 'k', at: 1 }];
    store.setState({ details: details('q', edits) });
    await state().setScales('q', { 1: 2 });
    expect(byHand().scales).toEqual({ k: { 2: 8 }, q: { 1: 2 } });
    await state().takeBackScales([
      { layer: 'k', at: 2 },
      { layer: 'q', at: 1 },
    ]);
    expect(byHand().scales).toEqual({});
    expect(state().status).toContain('2 scales taken back');
  });

  it('stays set when the run is cancelled; the steps that are gone are not shown any more', async () => {
    await state().run('convert');
    engine.stopAt = { step: 'convert', kind: 'cancelled', message: 'cancelled' };
    engine.forgetFrom = 'convert';
    await state().setScales('fc', { 0: 2 });
    expect(byHand().scales).toEqual({ fc: { 0: 2 } });
    expect(doneSteps()).toEqual(['load', 'prepare', 'calibrate', 'equalize']);
    expect(state().status).toBe('Convert: cancelled');
  });

  it('belongs to its model', async () => {
    await state().setScales('fc', { 0: 2 });
    await state().openModel([new File(['x'], 'other.onnx')]);
    expect(byHand()).toEqual({ methods: {}, scales: {} });
  });
});

describe('a method of a layer’s own', () => {
  it('is the newest choice of its region', async () => {
    await state().chooseMethod(['q'], 'smoothquant');
    await state().chooseMethod(['k', 'fc'], 'auto');
    expect(byHand().methods).toEqual({ k: 'auto', fc: 'auto' });
    await state().chooseMethod(['q'], 'global');
    expect(byHand().methods).toEqual({ fc: 'auto' });
  });

  it('runs again from Equalize, equalization on or off from Prepare', async () => {
    await state().run('equalize');
    engine.asked.length = 0;
    await state().chooseMethod(['fc'], 'cross-layer', 'again');
    expect(engine.asked).toEqual(['equalize']);
    await state().equalizeLayers(['fc'], 'off', 'again');
    expect(engine.asked).toEqual(['equalize', 'prepare', 'calibrate', 'equalize']);
  });

  it('says where it was chosen', () => {
    const methods = { k: 'auto', q: 'auto' } as const;
    expect(ownMethod({ name: 'q', region: ['k'] }, { k: 'auto' })).toEqual({ method: 'auto', chosenAt: 'k' });
    expect(ownMethod({ name: 'q', region: ['k'] }, methods)?.chosenAt).toBe('q');
    expect(ownMethod({ name: 'fc', region: [] }, methods)).toBeNull();
  });
});

describe('scales by hand', () => {
  it('are those of the settings, and what reaches the layer from others', () => {
    const reaching = [
      { column: 1, value: 4, layer: 'k', at: 5 },
      { column: 2, value: 9, layer: 'k', at: 6 },
    ];
    expect(editsOf(details('q', reaching), { k: { 5: 3 }, q: { 0: 2 } })).toEqual([
      { column: 0, value: 2, layer: 'q', at: 0 },
      { column: 1, value: 3, layer: 'k', at: 5 },
    ]);
  });
  it.each(['', '0', '-1', 'NaN', '1e30', '1e-30', 'x'])('refuses “%s”', (text) => {
    expect(scaleProblem(text)).toContain('above 0');
  });
  it.each(['1', '0.5', '1e-18', '9e18'])('takes “%s”', (text) => expect(scaleProblem(text)).toBeNull());
});

const details = (name: string, scaleEdits: readonly ScaleEdit[]): NodeDetails => ({
  ...fakeDetails(name),
  scaleEdits,
});
