import { beforeEach, expect, it } from 'vitest';
import type { Settings, StudioView } from '../../../src/index';
import type { Outcome } from '../../engine/api';
import { FakeEngine } from '../fakeEngine';
import { fakeSamples } from '../fakes/samples';
import type { StudioStore } from '../studio';
import { createStudioStore } from '../studioStore';

/** Answers about settings and states a moment later, one after the other, as an engine with a large model does. */
class SlowEngine extends FakeEngine {
  private last: Promise<unknown> = Promise.resolve();

  get held(): StudioView {
    return this.shownView;
  }
  forgetStates(): void {
    this.states.clear();
  }
  private async later(outcome: Outcome<StudioView>): Promise<Outcome<StudioView>> {
    this.last = this.last.then(() => new Promise((resolve) => setTimeout(resolve)));
    await this.last;
    return outcome;
  }
  override async configure(settings: Settings): Promise<Outcome<StudioView>> {
    return this.later(await super.configure(settings));
  }
  override async recall(state: number): Promise<Outcome<StudioView>> {
    return this.later(await super.recall(state));
  }
}

let engine: SlowEngine;
let store: StudioStore;
const state = () => store.getState();
const doneSteps = () => Object.keys(state().view.steps);

beforeEach(async () => {
  engine = new SlowEngine();
  engine.forgetFrom = 'convert';
  store = createStudioStore(engine, fakeSamples);
  await state().openModel([new File(['x'], 'net.onnx')]);
  for (const step of ['prepare', 'calibrate', 'equalize', 'convert'] as const) await state().run(step);
});

it('takes back as many changes as it is asked to, however slowly the engine answers', async () => {
  await Promise.all([state().undo(), state().undo()]);
  expect(doneSteps()).toEqual(['load', 'prepare', 'calibrate']);
  expect(state().status).toBe('Undone: Equalize');
  await Promise.all([state().bringBack(), state().bringBack()]);
  expect(doneSteps()).toEqual(['load', 'prepare', 'calibrate', 'equalize', 'convert']);
});

it('a change right after Undo begins from what was come back to', async () => {
  await Promise.all([state().undo(), state().changeSettings({ alpha: 0.75 })]);
  expect(state().settings.alpha).toBe(0.75);
  expect(state().view).toEqual(engine.held);
  expect(state().history.map(({ label }) => label)).toEqual([
    'Load',
    'Prepare',
    'Calibrate',
    'Equalize',
    'α: 0.75',
  ]);
});

it('Undo right after a change takes that change back', async () => {
  await Promise.all([state().changeSettings({ alpha: 0.75 }), state().undo()]);
  expect(state().settings.alpha).toBe(0.5);
  expect(doneSteps()).toContain('convert');
  expect(state().historyAt).toBe(4);
});

it('where the engine cannot come back to it, all stays as it is shown', async () => {
  engine.forgetStates();
  await state().undo();
  expect(state().historyAt).toBe(4);
  expect(state().alerts.map(({ title }) => title)).toEqual(['Undone: Convert']);
  expect(doneSteps()).toContain('convert');
});
