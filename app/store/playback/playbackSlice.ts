import type { EngineApi } from '../../engine/api';
import type { PlaybackSlice, Slice, Studio } from '../studio';
import { PlaybackLoader } from './playbackLoader';
import { changesOf, playedOf, positionOf } from './position';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

/** Between two changes at normal speed. */
export const CHANGE_MS = 1200;

async function explain(engine: EngineApi, set: Set, get: Get, part: number | null): Promise<void> {
  const played = playedOf(get());
  if (played === null || played.position === 0) return;
  const { of, form, position } = played;
  const outcome = await engine.explain(of.step, form, position - 1, part);
  const now = playedOf(get());
  if (now?.of !== of || now.position !== position) return;
  if (outcome.ok) set({ explanation: outcome.value });
  else get().report(outcome.error.message, { title: 'Explanation' });
}

/** Goes to positions and plays on from them, on a timer. */
class Player {
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Tells the newest request from those that it overtook. */
  private serial = 0;
  private readonly loader: PlaybackLoader;

  constructor(
    private readonly engine: EngineApi,
    private readonly set: Set,
    private readonly get: Get,
  ) {
    this.loader = new PlaybackLoader(engine, set, get);
  }

  async goTo(position: number): Promise<void> {
    const mine = ++this.serial;
    const played = await this.loader.load();
    if (mine !== this.serial) return;
    if (played === null) return this.stop();
    const count = played.of.changes.length;
    this.set({ played: { ...played, position: Math.min(count, Math.max(0, position)) }, explanation: null });
    await explain(this.engine, this.set, this.get, null);
  }

  /** Ends the wait for a step's changes. */
  cancel(): void {
    this.serial++;
    this.stop();
    this.loader.cancel();
  }

  /** Shows the step finished. */
  leave(): void {
    this.cancel();
    this.set({ played: null, explanation: null });
  }

  stop(): void {
    clearTimeout(this.timer);
    this.set({ playing: false });
  }

  async play(): Promise<void> {
    clearTimeout(this.timer);
    const count = changesOf(this.get()).length;
    if (count === 0) return;
    this.set({ playing: true });
    if (positionOf(this.get()) >= count) await this.goTo(0);
    this.wait();
  }

  private wait(): void {
    clearTimeout(this.timer);
    const { playing, speed } = this.get();
    if (playing) this.timer = setTimeout(() => void this.tick(), CHANGE_MS / speed);
  }

  private async tick(): Promise<void> {
    const played = playedOf(this.get());
    if (!this.get().playing) return;
    if (played === null || played.position >= played.of.changes.length) return this.stop();
    await this.goTo(played.position + 1);
    this.wait();
  }
}

export const createPlayback =
  (engine: EngineApi): Slice<PlaybackSlice> =>
  (set, get) => {
    const player = new Player(engine, set, get);
    return {
      played: null,
      playbackWait: null,
      playing: false,
      speed: 1,
      explanation: null,

      seek: async (position) => {
        player.stop();
        return position === null ? player.leave() : player.goTo(position);
      },
      nextChange: () => get().seek(positionOf(get()) + 1),
      previousChange: () => get().seek(positionOf(get()) - 1),
      play: () => player.play(),
      pause: () => player.stop(),
      cancelPlayback: () => {
        player.cancel();
        get().announce('Playback: cancelled');
      },
      setSpeed: (speed) => set({ speed }),
      explainPart: (part) => explain(engine, set, get, part),
    };
  };
