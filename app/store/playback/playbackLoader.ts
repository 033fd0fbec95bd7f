import type { Form, StepView } from '../../../src/index';
import type { EngineApi } from '../../engine/api';
import type { PlayedStep, Studio } from '../studio';
import { playedOf } from './position';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

/** From this on the wait for a step's changes shows how far it is, and can be ended; in milliseconds. */
export const SLOW_MS = 300;

interface Loading {
  readonly of: StepView;
  readonly form: Form;
  readonly played: Promise<PlayedStep | null>;
}

/** Gets the shown step's changes from the engine, once: whoever asks again while they are on their way waits with the first. */
export class PlaybackLoader {
  private loading: Loading | null = null;

  constructor(
    private readonly engine: EngineApi,
    private readonly set: Set,
    private readonly get: Get,
  ) {}

  /** Null (and a message) where they cannot be had, and where another step is shown by then. */
  load(): Promise<PlayedStep | null> {
    const known = playedOf(this.get());
    if (known !== null) return Promise.resolve(known);
    const { view, shown, form } = this.get();
    const of = view.steps[shown];
    if (of === undefined || of.changes.length === 0) return Promise.resolve(null);
    if (this.loading?.of === of && this.loading.form === form) return this.loading.played;
    const own: Loading = { of, form, played: this.ask(of, form) };
    this.loading = own;
    void own.played.finally(() => {
      if (this.loading === own) this.end();
    });
    return own.played;
  }

  cancel(): void {
    if (this.loading === null) return;
    this.end();
    void this.engine.cancelPlayback();
  }

  private end(): void {
    this.loading = null;
    this.set({ playbackWait: null });
  }

  private async ask(of: StepView, form: Form): Promise<PlayedStep | null> {
    const { get, set } = this;
    const began = performance.now();
    const outcome = await this.engine.playback(of.step, form, (_, done, total) => {
      const isWanted = this.loading?.of === of && this.loading.form === form;
      if (isWanted && performance.now() - began > SLOW_MS) set({ playbackWait: { of, form, done, total } });
    });
    if (outcome.ok) {
      const { view, shown } = get();
      const isShown = view.steps[shown] === of && get().form === form;
      return isShown ? { playback: outcome.value, of, form, position: of.changes.length } : null;
    }
    // A cancelled one was ended by its own button, or by a newer one.
    if (outcome.error.kind !== 'cancelled') get().report(outcome.error.message, { title: 'Playback' });
    return null;
  }
}
