import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { StepName } from '../../src/index';
import { FakeEngine } from './fakeEngine';
import { fakeLayer } from './fakes/layers';
import { fakeSamples } from './fakes/samples';
import { stepState } from './selectors';
import type { StudioStore } from './studio';
import { createStudioStore } from './studioStore';
import { STEPS } from './vocabulary';

let engine: FakeEngine;
let store: StudioStore;
const state = () => store.getState();
const states = () => STEPS.map((step) => stepState(state(), step)).join(' ');
const alerts = () => state().alerts.map(({ title, text }) => `${title}: ${text}`);
const file = (name: string) => new File(['x'], name);
/** For what waits until the page is at rest. */
const WAIT = { timeout: 5000 };

beforeEach(() => {
  engine = new FakeEngine();
  store = createStudioStore(engine, fakeSamples);
});

describe('opening files', () => {
  it('opens a model, shows its load step and says its summary', async () => {
    await state().openModel([file('net.onnx')]);
    expect(state().view.model?.name).toBe('net.onnx');
    expect(states()).toBe('done todo todo todo todo');
    expect(state().status).toBe('Load: load is done');
    expect(state().modelSerial).toBe(1);
  });

  it('brings what opening left out of the layers table, unless a step came first', async () => {
    const ratios = () => state().view.layers.map(({ weightRatio }) => weightRatio);
    engine.layers = [fakeLayer('fc')];
    await state().openModel([file('net.onnx')]);
    await vi.waitFor(() => expect(ratios()).toEqual([[3, null]]), WAIT);
    let settle = () => {};
    const asked = vi.spyOn(engine, 'readLayers');
    engine.layersRead = new Promise((resolve) => {
      settle = resolve;
    });
    await state().openModel([file('other.onnx')]);
    await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce(), WAIT);
    await state().run('prepare');
    settle();
    await engine.layersRead;
    await Promise.resolve();
    expect(ratios()).toEqual([null]);
  });

  it('keeps the model and its steps when another file is refused', async () => {
    await state().openModel([file('net.onnx')]);
    await state().run('calibrate');
    await state().openModel([file('broken.onnx')]);
    expect(state().view.model?.name).toBe('net.onnx');
    expect(states()).toBe('done done done todo todo');
    expect(alerts()).toEqual(['broken.onnx was not opened: broken.onnx has no graph.']);
  });

  it('points to the calibration button when a second .safetensors has no graph', async () => {
    await state().openModel([file('net.onnx')]);
    await state().openModel([file('broken.safetensors')]);
    expect(state().alerts[0]?.text).toContain('Calibration data…');
  });

  it('sorts dropped files: the model first, then its data, and names what it cannot read', async () => {
    await state().openDropped([file('data.NPY'), file('notes.docx'), file('net.safetensors')]);
    expect(state().view.model?.name).toBe('net.safetensors');
    expect(state().view.calibration?.source).toBe('data.NPY');
    expect(alerts()).toEqual([expect.stringContaining('notes.docx was not opened')]);
  });

  it('opens a model once its missing data file is dropped, without the model being chosen again', async () => {
    await state().openDropped([file('split.onnx'), file('data.npy')]);
    expect(alerts()).toEqual([expect.stringContaining('split.data did not come along')]);
    expect(state().view.model).toBeNull();
    await state().openDropped([file('split.data')]);
    expect(state().view.model?.name).toBe('split.onnx');
    expect(state().view.calibration?.source).toBe('data.npy');
    expect(state().incomplete).toBeNull();
    expect(alerts()).toEqual([]);
  });

  it('forgets an incomplete model when another one is opened', async () => {
    await state().openModel([file('split.onnx')]);
    await state().openModel([file('net.onnx')]);
    await state().openDropped([file('split.data')]);
    expect(state().view.model?.name).toBe('net.onnx');
    expect(alerts()).toEqual([expect.stringContaining('split.data was not opened')]);
  });

  it('opens dropped data one file at a time, for whichever purpose the engine finds', async () => {
    await state().openModel([file('net.onnx')]);
    await state().openDropped([file('labelled.npz'), file('data.csv')]);
    expect(state().view.evaluation?.source).toBe('labelled.npz');
    expect(state().view.calibration?.source).toBe('data.csv');
    expect(state().status).toBe('Calibration data: data.csv, 8 samples');
  });

  it('keeps data that is dropped before any model, and opens it after the model', async () => {
    await state().openDropped([file('data.npy')]);
    expect(state().pending).toHaveLength(1);
    expect(state().status).toContain('data.npy');
    await state().openModel([file('net.onnx')]);
    expect(state().view.calibration?.source).toBe('data.npy');
    expect(state().pending).toEqual([]);
  });

  it('opens files one after the other when they are chosen without waiting', async () => {
    const model = state().openModel([file('net.onnx')]);
    const data = state().openData('calibration', [file('data.npy')]);
    await Promise.all([model, data]);
    expect(state().view.calibration?.source).toBe('data.npy');
    expect(state().alerts).toEqual([]);
  });

  it('opens a sample with its data', async () => {
    await state().openSample('ten');
    expect(state().view.calibration?.source).toBe('ten/c');
    expect(state().view.evaluation?.source).toBe('ten/e');
    expect(state().job).toBeNull();
  });

  it('lists the samples when it is asked for an unknown one', async () => {
    await state().openSample('nine');
    expect(state().alerts[0]?.text).toBe('There is no sample “nine”. The samples are: two, ten.');
    expect(state().view.model).toBeNull();
  });
});

describe('running steps', () => {
  beforeEach(() => state().openModel([file('net.onnx')]));

  it('runs a step with those before it and shows it', async () => {
    await state().run('equalize');
    expect(states()).toBe('done done done done todo');
    expect(state().shown).toBe('equalize');
    expect(state().status).toBe('Equalize: equalize is done');
  });

  it('marks the step that failed, keeps those that were done, and clears the failure with the next run', async () => {
    engine.stopAt = { step: 'calibrate', kind: 'graph', message: 'x has 3 columns, fc expects 2' };
    await state().run('convert');
    expect(states()).toBe('done done failed todo todo');
    expect(alerts()).toEqual(['Calibrate failed: x has 3 columns, fc expects 2']);
    expect(state().shown).toBe('prepare');
    engine.stopAt = null;
    await state().run('calibrate');
    expect(states()).toBe('done done done todo todo');
    expect(alerts()).toEqual([]);
  });

  it('shows each step of a longer run as done while the next one runs', async () => {
    const seen: string[] = [];
    store.subscribe(({ shown }) => {
      const now = `${states()} (${shown})`;
      if (seen.at(-1) !== now) seen.push(now);
    });
    await state().run('equalize');
    expect(engine.asked).toEqual(['prepare', 'calibrate', 'equalize']);
    expect(seen).toContain('done done running todo todo (prepare)');
    expect(seen).toContain('done done done running todo (calibrate)');
  });

  /** Goes to a step as soon as another one is under way. */
  const goDuring = (running: StepName, to: StepName) => {
    const unsubscribe = store.subscribe(({ job, showStep }) => {
      if (job?.step !== running) return;
      unsubscribe();
      showStep(to);
    });
  };

  it('leaves the user at the step that he went to meanwhile', async () => {
    goDuring('calibrate', 'load');
    await state().run('convert');
    expect(states()).toBe('done done done done done');
    expect(state().shown).toBe('load');
    await state().run('convert');
    expect(state().shown).toBe('convert');
  });

  it('leaves him there too when a choice runs the steps again', async () => {
    await state().run('convert');
    goDuring('calibrate', 'prepare');
    await state().redo({ qconfig: 'fbgemm' }, 'QConfig: fbgemm');
    expect(state().shown).toBe('prepare');
  });

  it('starts no further step of a run that is cancelled', async () => {
    const unsubscribe = store.subscribe(({ shown, job }) => {
      if (shown === 'prepare' && job?.cancelling === false) void state().cancel();
    });
    await state().run('convert');
    unsubscribe();
    expect(states()).toBe('done done todo todo todo');
    expect(state().status).toBe('Calibrate: cancelled');
  });

  it('marks the right step even when its progress message comes late', async () => {
    const run = engine.run.bind(engine);
    engine.run = (step, settings) => run(step, settings, () => undefined);
    engine.stopAt = { step: 'equalize', kind: 'graph', message: 'no layer is left' };
    await state().run('convert');
    expect(states()).toBe('done done done failed todo');
  });

  it('says a cancelled run in the status line, without an alert or a failed step', async () => {
    engine.stopAt = { step: 'calibrate', kind: 'cancelled', message: 'cancelled' };
    await state().run('calibrate');
    expect(states()).toBe('done done todo todo todo');
    expect(state().alerts).toEqual([]);
    expect(state().status).toBe('Calibrate: cancelled');
  });

  it('refuses a second job while one runs, and says so as long as it does', async () => {
    const first = state().run('prepare');
    await state().run('convert');
    expect(state().alerts[0]?.text).toContain('still running');
    await first;
    expect(states()).toBe('done done todo todo todo');
    expect(state().alerts).toEqual([]);
  });

  it('says so of files that come meanwhile, once, and no longer than the run', async () => {
    const run = state().run('prepare');
    const dropped = [state().openDropped([file('data.npy')]), state().openModel([file('other.onnx')])];
    expect(state().alerts).toHaveLength(1);
    await Promise.all([run, ...dropped]);
    expect(state().alerts).toEqual([]);
    expect(state().log.some(({ text }) => text.includes('still running'))).toBe(true);
    await state().openDropped([file('data.npy')]);
    expect(state().view.calibration?.source).toBe('data.npy');
  });

  it('turns an exception of the worker into an alert and ends the job', async () => {
    engine.run = () => Promise.reject(new Error('could not be cloned'));
    await state().run('prepare');
    expect(alerts()).toEqual(['Prepare: could not be cloned']);
    expect(state().job).toBeNull();
  });

  it('ends the job when the engine crashes', () => {
    void state().run('prepare');
    state().crash('out of memory');
    expect(state().job).toBeNull();
    expect(state().alerts[0]?.text).toContain('out of memory');
  });
});

describe('settings', () => {
  beforeEach(async () => {
    await state().openModel([file('net.onnx')]);
    await state().run('convert');
  });

  it('forgets the steps that a choice touches and looks at the last one left', async () => {
    await state().equalizeLayers(['fc'], 'off');
    expect(state().settings.equalization.byName).toEqual({ fc: false });
    expect(states()).toBe('done done done todo todo');
    expect(state().shown).toBe('calibrate');
    expect(state().status).toBe(
      'Settings changed. Equalize and the steps after it must run again: click Convert',
    );
    await state().equalizeLayers(['fc'], 'on');
    expect(state().settings.equalization.byName).toEqual({});
  });

  it('gives layers qconfigs of their own, one or many, and takes them back', async () => {
    await state().chooseQConfig(['fc', 'head'], 'fbgemm');
    await state().chooseQConfig(['fc'], 'none');
    expect(state().settings.qconfigs).toEqual({ byName: { head: 'fbgemm', fc: 'none' }, byType: {} });
    await state().chooseQConfig(['fc', 'head'], 'global');
    expect(state().settings.qconfigs.byName).toEqual({});
    await state().chooseQConfig(['fc'], 'qnnpack');
    await state().openModel([file('other.onnx')]);
    expect(state().settings.qconfigs.byName).toEqual({});
  });

  it('puts refused settings back and says why', async () => {
    engine.refuseSettings = 'no such method';
    await state().changeSettings({ semantics: 'pytorch' });
    expect(state().settings.semantics).toBe('exact');
    expect(state().alerts[0]?.text).toBe('no such method');
  });
});
