import { beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from './fakeEngine';
import { fakeLayer } from './fakes/layers';
import { fakeSamples } from './fakes/samples';
import { layersBySqnr } from './selectors';
import type { StudioStore } from './studio';
import { createStudioStore } from './studioStore';

const LAYERS = ['a', 'b', 'c'].map(fakeLayer);

let store: StudioStore;
const state = () => store.getState();
const equalization = () => state().settings.equalization;

beforeEach(async () => {
  const engine = new FakeEngine();
  engine.layers = LAYERS;
  store = createStudioStore(engine, fakeSamples);
  await state().openModel([new File(['x'], 'net.onnx')]);
  await state().openData('calibration', [new File(['x'], 'data.npy')]);
});

describe('equalization', () => {
  it('names a layer only where that makes a difference', async () => {
    await state().equalizeLayers(['a', 'b'], 'off');
    expect(equalization().byName).toEqual({ a: false, b: false });
    await state().equalizeLayers(['a'], 'on');
    await state().equalizeLayers(['b'], 'global');
    expect(equalization().byName).toEqual({});
  });

  it('is chosen for a type and for all others', async () => {
    await state().equalizeType('torch.nn.Linear', 'off');
    await state().equalizeOthers(false);
    expect(equalization()).toEqual({ global: false, byName: {}, byType: { 'torch.nn.Linear': false } });
    await state().equalizeType('torch.nn.Linear', 'global');
    expect(equalization().byType).toEqual({});
  });
});

describe('the layers with the lowest SQNR', () => {
  const ranked = () => layersBySqnr(state()).map(({ name }) => name);

  it('are known once Convert has measured them', async () => {
    expect(ranked()).toEqual([]);
    await state().run('convert');
    expect(ranked()).toEqual(['b', 'a', 'c']);
  });

  it('are equalized alone; the page says which, and still knows the order afterwards', async () => {
    await state().run('convert');
    await state().equalizeLowest(2);
    expect(equalization()).toEqual({ global: false, byType: {}, byName: { b: true, a: true } });
    expect(state().status).toBe(
      'Equalizes only b (-Infinity dB), a (10.0 dB): lowest SQNR in int8. Equalize and the steps after it must run again: click Convert',
    );
    expect(ranked()).toHaveLength(3);
  });

  it('are measured anew for other qconfigs and other data', async () => {
    await state().run('convert');
    await state().chooseQConfig(['a'], 'fbgemm');
    expect(ranked()).toEqual([]);
    await state().chooseQConfig(['a'], 'global');
    expect(ranked()).toHaveLength(3);
    await state().openData('calibration', [new File(['x'], 'other.npy')]);
    expect(ranked()).toEqual([]);
  });
});

describe('a qconfig of a type', () => {
  it('is set and taken back', async () => {
    await state().chooseTypeQConfig('torch.add', 'none');
    expect(state().settings.qconfigs).toEqual({ byName: {}, byType: { 'torch.add': 'none' } });
    await state().chooseTypeQConfig('torch.add', 'global');
    expect(state().settings.qconfigs.byType).toEqual({});
  });
});
