import type { EngineApi } from '../../engine/api';
import type { PlaybackSlice, PlayedStep, Slice, Studio } from '../studio';
import { playedOf, positionOf } from './position';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

/** Between two changes at normal speed. */
export const CHANGE_MS = 1200;

/** The shown step's changes, asked for once; null (and an alert) where they cannot be had. */
async function loaded(engine: EngineApi, get: Get): Promise<PlayedStep | null> {
  const known = playedOf(get());
  if (known !== null) return known;
  const { view, shown, form } = get();
  const of = view.steps[shown];
  if (of === undefined || of.changes.length === 0) return null;
  const outcome = await engine.playback(shown, form);
  // The answer counts only while its step is shown.
  if (get().view.steps[get().shown] !== of || get().form !== form) return null;
  if (outcome.ok) return { playback: outcome.value, of, form, position: of.changes.length };
  get().report(outcome.error.message, { title: 'Playback' });
  return null;
}

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

export const createPlayback =
  (engine: EngineApi): Slice<PlaybackSlice> =>
  (set, get) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** Tells the newest request from those that it overtook. */
    let serial = 0;

    const goTo = async (position: number): Promise<void> => {
      const mine = ++serial;
      const played = await loaded(engine, get);
      if (played === null || mine !== serial) return;
      const count = played.of.changes.length;
      set({ played: { ...played, position: Math.min(count, Math.max(0, position)) }, explanation: null });
      await explain(engine, set, get, null);
    };
    const stop = () => {
      clearTimeout(timer);
      set({ playing: false });
    };
    const wait = () => {
      timer = setTimeout(() => void tick(), CHANGE_MS / get().speed);
    };
    const tick = async (): Promise<void> => {
      const played = playedOf(get());
      if (!get().playing) return;
      if (played === null || played.position >= played.of.changes.length) return stop();
      await goTo(played.position + 1);
      if (get().playing) wait();
    };

    return {
      played: null,
      playing: false,
      speed: 1,
      explanation: null,

      seek: async (position) => {
        stop();
        if (position !== null) return goTo(position);
        serial++;
        set({ played: null, explanation: null });
      },
      nextChange: () => get().seek(positionOf(get()) + 1),
      previousChange: () => get().seek(positionOf(get()) - 1),
      play: async () => {
        clearTimeout(timer);
        const { view, shown } = get();
        const count = view.steps[shown]?.changes.length ?? 0;
        if (count === 0) return;
        set({ playing: true });
        if (positionOf(get()) >= count) await goTo(0);
        wait();
      },
      pause: stop,
      setSpeed: (speed) => set({ speed }),
      explainPart: (part) => explain(engine, set, get, part),
    };
  };
