import { beforeEach, describe, expect, it } from 'vitest';
import type { LayerView } from '../../../src/index';
import { FakeEngine } from '../fakeEngine';
import { fakeLayer } from '../fakes/layers';
import { fakeSamples } from '../fakes/samples';
import type { LayerColumn, StudioStore } from '../studio';
import { createStudioStore } from '../studioStore';
import { filterCount } from './layersTableSlice';
import { rememberTable } from './remembered';
import { chosenLayers, shownLayers } from './shownLayers';

const layer = (name: string, more: Partial<LayerView>): LayerView => ({ ...fakeLayer(name), ...more });

const LAYERS: readonly LayerView[] = [
  layer('fc10', { decision: 'fold', sqnr: { plain: 20, equalized: 25 }, shape: '8×2' }),
  layer('fc2', { decision: 'mul', sqnr: { plain: 30, equalized: 28 }, reason: 'Read twice', shape: '4×4' }),
  layer('conv', { type: 'torch.nn.Conv2d', decision: 'skip', sqnr: { plain: null, equalized: null } }),
  layer('fc1', { rule: 'SmoothQuant, α = 0.5', sqnr: { plain: Number.NEGATIVE_INFINITY, equalized: 10 } }),
];

let engine: FakeEngine;
let store: StudioStore;
const state = () => store.getState();
const names = () => shownLayers(state()).names.join(' ');
const sortBy = (column: LayerColumn, direction: 'ascending' | 'descending') =>
  state().orderLayers({ column, direction });

beforeEach(async () => {
  engine = new FakeEngine();
  engine.layers = LAYERS;
  store = createStudioStore(engine, fakeSamples);
  await state().openModel([new File(['x'], 'net.onnx')]);
});

describe('sort', () => {
  it('is graph order until a column is chosen', () => expect(names()).toBe('fc10 fc2 conv fc1'));

  it('sorts names as people do', () => {
    sortBy('name', 'ascending');
    expect(names()).toBe('conv fc1 fc2 fc10');
    sortBy('name', 'descending');
    expect(names()).toBe('fc10 fc2 fc1 conv');
  });

  it('puts what is not known last both ways, and −∞ dB at the lower end', () => {
    sortBy('plain', 'ascending');
    expect(names()).toBe('fc1 fc10 fc2 conv');
    sortBy('plain', 'descending');
    expect(names()).toBe('fc2 fc10 fc1 conv');
  });

  it('sorts shapes by their weights', () => {
    sortBy('shape', 'descending');
    expect(names()).toBe('fc10 fc2 conv fc1');
  });
});

describe('filter', () => {
  it('finds all words in name, type, rule and reason, in any case', () => {
    state().filterLayers({ text: ' FC twice ' });
    expect(names()).toBe('fc2');
    state().filterLayers({ text: 'smooth' });
    expect(names()).toBe('fc1');
    state().filterLayers({ text: 'conv2d' });
    expect(names()).toBe('conv');
    state().filterLayers({ text: 'nothing' });
    expect(names()).toBe('');
  });

  it('by decision, by type, by choice', () => {
    state().filterLayers({ decision: 'open' });
    expect(names()).toBe('fc1');
    state().filterLayers({ decision: null, type: 'torch.nn.Linear' });
    expect(names()).toBe('fc10 fc2 fc1');
    state().filterLayers({ decision: 'mul' });
    expect(names()).toBe('fc2');
    expect(filterCount(state().layerFilter)).toBe(2);
  });

  it('follows a choice at once', async () => {
    state().filterLayers({ equalize: 'off' });
    expect(names()).toBe('');
    await state().equalizeLayers(['fc2'], 'off');
    expect(names()).toBe('fc2');
  });

  it('by SQNR: what was not measured is not below anything', () => {
    state().filterLayers({ below: 26 });
    expect(names()).toBe('fc10 fc1');
  });

  it('shows what equalization made worse, the worst first', () => {
    state().setTab('log');
    state().showLosingLayers();
    expect(names()).toBe('fc2');
    expect(state().tab).toBe('layers');
  });

  it('and sort stay when steps run again; another model has no filter', async () => {
    sortBy('name', 'ascending');
    state().filterLayers({ text: 'fc' });
    await state().run('convert');
    expect(names()).toBe('fc1 fc2 fc10');
    await state().openModel([new File(['x'], 'other.onnx')]);
    expect(names()).toBe('conv fc1 fc2 fc10');
  });
});

it('ranges go by the order of the table, and choices leave hidden rows alone', () => {
  sortBy('name', 'ascending');
  state().mark('conv', 'only');
  state().mark('fc2', 'range');
  expect(state().marked.toSorted()).toEqual(['conv', 'fc1', 'fc2']);
  state().filterLayers({ text: 'fc' });
  expect(chosenLayers(state())).toEqual(['fc1', 'fc2']);
});

it('answers with the same object until something changes', () => {
  const before = shownLayers(state());
  state().note('something else');
  expect(shownLayers(state())).toBe(before);
  state().filterLayers({ text: 'fc' });
  expect(shownLayers(state())).not.toBe(before);
});

it('sorts and filters thousands of layers in a moment', async () => {
  engine.layers = Array.from({ length: 5000 }, (_, i) =>
    layer(`block.${i % 70}.fc${i}`, { decision: 'fold' }),
  );
  await state().openModel([new File(['x'], 'large.onnx')]);
  // Time of this process: what else the machine does is not the table's.
  const start = process.cpuUsage();
  sortBy('name', 'descending');
  state().filterLayers({ text: 'block.7 fc' });
  expect(shownLayers(state()).names[0]).toBe('block.7.fc4977');
  expect(process.cpuUsage(start).user).toBeLessThan(1_000_000);
});

describe('columns', () => {
  const storage = (text: string | null) => {
    const kept = { text };
    return {
      kept,
      getItem: () => kept.text,
      setItem: (_: string, next: string) => {
        kept.text = next;
      },
    };
  };

  it('keep their order, and the name stays', () => {
    state().showLayerColumn('type', true);
    state().showLayerColumn('shape', false);
    expect(shownLayers(state()).columns.slice(0, 3)).toEqual(['name', 'type', 'equalize']);
  });

  it('are remembered with the sort and the height', () => {
    const first = storage(null);
    rememberTable(store, first);
    state().showLayerColumn('type', true);
    sortBy('gain', 'ascending');
    state().resizeLower(300);
    const next = createStudioStore(engine, fakeSamples);
    rememberTable(next, storage(first.kept.text));
    const { layerColumns, layerOrder, lowerHeight } = next.getState();
    expect({ layerColumns, layerOrder, lowerHeight }).toEqual({
      layerColumns: state().layerColumns,
      layerOrder: { column: 'gain', direction: 'ascending' },
      lowerHeight: 300,
    });
  });

  it.each([
    '{',
    '{"columns":3}',
    '{"columns":["no such"],"order":{"column":"x","direction":"up"},"height":-1}',
  ])('are the first ones where the browser holds %s', (text) => {
    const before = state().layerColumns;
    rememberTable(store, storage(text));
    expect(state()).toMatchObject({ layerColumns: before, layerOrder: null, lowerHeight: null });
  });
});
