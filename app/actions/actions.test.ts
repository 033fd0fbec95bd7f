import { beforeEach, describe, expect, it } from 'vitest';
import { entriesOf, found } from '../overlays/entries';
import { showsTwo } from '../store/compare/sides';
import { FakeEngine } from '../store/fakeEngine';
import { fakeSamples } from '../store/fakes/samples';
import type { StudioStore } from '../store/studio';
import { createStudioStore } from '../store/studioStore';
import type { Action } from './action';
import { ACTIONS } from './all';
import { chordOf, isPlain, isPressed, type KeyPress, keyCaps } from './keys';

let store: StudioStore;
const state = () => store.getState();
const action = (id: string): Action => {
  const known = ACTIONS.find((one) => one.id === id);
  if (known === undefined) throw new Error(`there is no action '${id}'`);
  return known;
};
const reason = (id: string) => action(id).unavailable?.(state()) ?? null;
const press = (key: string, patch: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...patch,
});

beforeEach(async () => {
  store = createStudioStore(new FakeEngine(), fakeSamples);
  await state().loadSamples();
});

describe('the actions', () => {
  it('are told apart by their ids and by their titles', () => {
    expect(new Set(ACTIONS.map(({ id }) => id)).size).toBe(ACTIONS.length);
    expect(new Set(ACTIONS.map(({ title }) => title)).size).toBe(ACTIONS.length);
  });

  it('have keys that each mean a press', () => {
    for (const { id, keys = [] } of ACTIONS)
      for (const one of keys) expect(chordOf(one).key, `${id}: ${one}`).not.toBe('');
  });

  it('say why they cannot be done, and do what they say', async () => {
    expect(reason('run convert')).toBe('Open a model first');
    await state().openModel([new File(['x'], 'net.onnx')]);
    expect(reason('show equalize')).toBe('Run Equalize first');
    expect(reason('export quantized')).toBe('Run Convert first');
    expect(reason('run convert')).toBeNull();
    await state().run('convert');
    expect(reason('show equalize')).toBeNull();
    action('show equalize').run(state());
    expect(state().shown).toBe('equalize');
    action('next step').run(state());
    expect(state().shown).toBe('convert');
    expect(reason('next step')).toBe('The last step that has run is shown');
  });

  it('put no two graphs side by side where there is one', async () => {
    await state().openModel([new File(['x'], 'net.onnx')]);
    await state().run('convert');
    expect(reason('before after')).toBeNull();
    action('before after').run(state());
    expect(showsTwo(state())).toBe(true);
    state().showStep('load');
    expect(showsTwo(state())).toBe(false);
    expect(reason('before after')).toBe('Nothing has run before this step');
    expect(reason('next-difference')).toBe('Show two graphs first: Before/after');
    // The choice stays for the steps that have a before.
    state().showStep('prepare');
    expect(showsTwo(state())).toBe(true);
  });

  it('run the next step, then the one behind it', async () => {
    await state().openModel([new File(['x'], 'net.onnx')]);
    for (const step of ['prepare', 'calibrate'] as const) {
      action('run next step').run(state());
      await expect.poll(() => state().view.steps[step] !== undefined && state().job === null).toBe(true);
    }
    expect(state().view.steps.equalize).toBeUndefined();
  });

  it('change settings, and leave the value that counts alone', async () => {
    await state().openModel([new File(['x'], 'net.onnx')]);
    action('qconfig fbgemm').run(state());
    expect(state().settings.qconfig).toBe('fbgemm');
    expect(reason('qconfig fbgemm')).toBe('Chosen now');
    action('semantics pytorch').run(state());
    expect(reason('method auto')).toContain('input-weight only');
  });
});

describe('the actions of plots', () => {
  it('choose a plot, its axis and its order, and say what a plot cannot have', async () => {
    await state().openModel([new File(['x'], 'net.onnx')]);
    action('plot scale').run(state());
    expect([state().plotKind, state().tab]).toEqual(['scale', 'plots']);
    action('plot log').run(state());
    expect(state().plotLogs).not.toContain('scale');
    action('sort plot gain').run(state());
    expect(state().plotSort).toBe('gain');
    expect(reason('sort plot gain')).toBe('Sorted so now');
    expect(reason('save plot svg')).toContain('something to draw');
    action('plot heat').run(state());
    expect(reason('plot log')).toContain('no log axis');
    expect(reason('sort plot range')).toContain('an order of its own');
  });

  it('bring all into sight again; another plot or node is not zoomed with it', async () => {
    await state().openModel([new File(['x'], 'net.onnx')]);
    state().select('fc');
    expect(reason('fit plot')).toBe('All of the plot is in sight');
    const sight = { x: [0, 1], y: [0, 1] } as const;
    state().setPlotSight(sight);
    expect(reason('fit plot')).toBeNull();
    state().setPlotKind('weight');
    expect(reason('fit plot')).not.toBeNull();
    state().setPlotKind('input');
    action('fit plot').run(state());
    expect(state().plotSight).toBeNull();
  });

  it('forget the column with its node', async () => {
    await state().openModel([new File(['x'], 'net.onnx')]);
    state().select('fc');
    state().chooseColumn(3);
    state().select('fc');
    expect(state().column).toBe(3);
    state().select('x');
    expect(state().column).toBeNull();
  });
});

describe('keys', () => {
  it('tell Ctrl, Shift and the bare key apart, whichever case the letter has', () => {
    expect(isPressed('mod+Z', press('z', { ctrlKey: true }))).toBe(true);
    expect(isPressed('mod+Z', press('z', { metaKey: true }))).toBe(true);
    expect(isPressed('mod+Z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(false);
    expect(isPressed('mod+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(true);
    expect(isPressed('f', press('f'))).toBe(true);
    expect(isPressed('f', press('f', { ctrlKey: true }))).toBe(false);
  });

  it('take a symbol with or without Shift, as keyboards differ', () => {
    expect(isPressed('?', press('?', { shiftKey: true }))).toBe(true);
    expect(isPressed('/', press('/', { shiftKey: true }))).toBe(true);
    expect(isPressed('+', press('+', { shiftKey: true }))).toBe(true);
    expect(isPressed('−', press('-'))).toBe(true);
    expect(isPressed('Space', press(' '))).toBe(true);
  });

  it('take the letter of the place on a keyboard of another alphabet', () => {
    expect(isPressed('mod+K', press('л', { code: 'KeyK', ctrlKey: true }))).toBe(true);
    expect(isPressed('mod+K', press('j', { code: 'KeyK', ctrlKey: true }))).toBe(false);
  });

  it('are printed as they stand on the keyboard', () => {
    expect(keyCaps('mod+Shift+Z', false)).toEqual(['Ctrl', 'Shift', 'Z']);
    expect(keyCaps('ArrowRight', false)).toEqual(['→']);
    expect(keyCaps('+', true)).toEqual(['+']);
    expect(isPlain('ArrowRight')).toBe(false);
    expect(isPlain('?')).toBe(true);
    expect(isPlain('mod+K')).toBe(false);
  });
});

describe('the command palette', () => {
  const titles = (query: string) => found(entriesOf(state()), query).entries.map(({ title }) => title);

  it('finds actions by title and by other words, samples and nodes by name', async () => {
    expect(titles('convert')[0]).toBe('Convert');
    expect(titles('dark mode')).toContain('Theme: dark');
    expect(titles('zzz')).toEqual([]);
    await state().openModel([new File(['x'], 'net.onnx')]);
    expect(titles('fc')[0]).toBe('fc');
    found(entriesOf(state()), 'fc').entries[0]?.run();
    expect(state().selected).toBe('fc');
  });

  it('needs every word of the query, and lists what cannot be done with its reason', () => {
    expect(titles('export onnx')).toEqual([
      'Export: Model (.onnx)',
      'Export: Quantized model (.onnx)',
      'How to bring a model',
    ]);
    expect(found(entriesOf(state()), 'export onnx').entries[0]?.reason).toBe('Open a model first');
  });
});
