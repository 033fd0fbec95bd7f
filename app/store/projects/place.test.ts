import { beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from '../fakeEngine';
import { fakeSamples } from '../fakes/samples';
import { treeOf } from '../groups/graphLookSlice';
import { playedOf } from '../playback/position';
import type { Place, StudioStore } from '../studio';
import { createStudioStore } from '../studioStore';
import { keepSaved, readTab } from './autosave';
import { fromJson } from './savedPage';
import { placeOf, placeSchema } from './savedPlace';

let engine: FakeEngine;
let store: StudioStore;
const state = () => store.getState();
const file = (name: string) => new File(['x'], name);

/** A tab's own memory. */
let tab = '';
const memory = {
  read: () => tab,
  write: (text: string) => {
    tab = text;
  },
};

beforeEach(async () => {
  tab = '';
  engine = new FakeEngine();
  engine.changes = 3;
  store = createStudioStore(engine, fakeSamples);
  await state().start(null);
  keepSaved(store, memory);
  await state().openModel([file('net.onnx')]);
  await state().openData('calibration', [file('data.npy')]);
  await state().run('convert');
  await state().save();
});

/** Another page over the same browser, as a reload makes one. */
async function reloaded(): Promise<StudioStore> {
  const next = createStudioStore(engine, fakeSamples);
  await next.getState().start(null);
  const left = readTab(memory);
  if (left === null) throw new Error('the tab remembers nothing');
  await next.getState().openProject(left.id, left);
  return next;
}

const group = () => [...treeOf(state().view).groups.keys()][0] ?? '';

/** What the user does, and what must be as it was. One row a field. */
const FIELDS: Readonly<Record<Exclude<keyof Place, 'playedTo'>, () => unknown>> = {
  shown: () => state().showStep('prepare'),
  form: () => state().setForm('reference'),
  mode: () => state().setMode('compare'),
  tab: () => state().setTab('results'),
  inspectorOpen: () => state().openInspector(true),
  lowerOpen: () => state().openLower(false),
  painted: () => state().paint(true),
  selected: () => state().select('fc'),
  marked: () => state().markAll(['fc']),
  methodsView: () => store.setState({ methodsView: 'advice' }),
  outlineOpen: () => store.setState({ outlineOpen: true }),
  minimap: () => state().showMinimap(false),
  columns: () => state().setColumns(false),
  groupsToggled: () => state().toggleGroup(group()),
  pathFocus: () => state().focusPath('fc', 'inputs'),
  left: () => state().compareWith('left', { run: 1, step: 'equalize' }),
  right: () => state().compareWith('right', { run: 1, step: 'convert' }),
  differenceKind: () => state().showDifferences('rewired'),
  layerFilter: () => state().filterLayers({ text: 'fc', below: 12.5 }),
  speed: () => state().setSpeed(4),
  plotKind: () => state().setPlotKind('heat'),
  plotLogs: () => state().setPlotLog('weight', true),
  plotSort: () => state().setPlotSort('gain'),
  plotsTall: () => state().setPlotsTall(false),
  tensor: () => state().setTensor('weight fc'),
};

describe('a reload keeps', () => {
  it.each(Object.keys(FIELDS))('%s', async (name) => {
    const field = placeSchema.keyof().exclude(['playedTo']).parse(name);
    const first = state()[field];
    FIELDS[field]();
    expect(state()[field]).not.toEqual(first);
    expect((await reloaded()).getState()[field]).toEqual(state()[field]);
  });

  it('the change that was played last', async () => {
    state().showStep('equalize');
    await state().seek(2);
    const next = await reloaded();
    await expect.poll(() => playedOf(next.getState())?.position).toBe(2);
    expect(next.getState().shown).toBe('equalize');
    expect(next.getState().playing).toBe(false);
  });

  it('a closed group closed, though the selected node is in it', async () => {
    state().select('fc');
    state().toggleGroup(group());
    const next = await reloaded();
    expect(next.getState().selected).toBe('fc');
    expect(next.getState().groupsToggled).toEqual({ [group()]: false });
  });

  it('the graphs of finished runs, to compare with', async () => {
    await state().changeSettings({ semantics: 'pytorch' });
    await state().run('convert');
    await state().save();
    state().compareRuns(1, 2);
    const next = await reloaded();
    expect(next.getState().runGraphs).toEqual(state().runGraphs);
    expect(next.getState().left).toEqual({ run: 1, step: 'convert' });
  });
});

describe('what no longer fits is left out', () => {
  const change = (patch: Partial<Place>) => {
    const left = readTab(memory);
    tab = JSON.stringify({ ...left, place: { ...placeOf(state()), ...patch } });
  };

  it('a change of a step that has others by now', async () => {
    change({ shown: 'equalize', playedTo: { step: 'equalize', form: 'lowered', position: 2, changes: 9 } });
    const next = await reloaded();
    expect(next.getState().shown).toBe('equalize');
    expect(next.getState().played).toBeNull();
  });

  it('a followed path from a node that is not there, and groups that are not', async () => {
    change({ pathFocus: { node: 'gone', to: 'both', hides: true }, groupsToggled: { 'group:gone': true } });
    const next = (await reloaded()).getState();
    expect([next.pathFocus, next.groupsToggled]).toEqual([null, {}]);
  });

  it('a selected node that is not there', async () => {
    change({ selected: 'gone', inspectorOpen: true });
    expect((await reloaded()).getState().selected).toBeNull();
  });

  it('a side of the comparison whose run is not kept', async () => {
    change({ left: { run: 7, step: 'convert' }, right: { run: null, step: 'prepare' } });
    const next = (await reloaded()).getState();
    expect([next.left, next.right]).toEqual([null, { run: null, step: 'prepare' }]);
  });
});

it('a place that was saved before a field was there has the first one', () => {
  const old = placeSchema.parse(fromJson('{"shown":"prepare","tab":"plots"}'));
  expect(old).toMatchObject({
    shown: 'prepare',
    tab: 'plots',
    pathFocus: null,
    groupsToggled: {},
    left: null,
  });
});
