import { changesOf, positionOf } from '../store/playback/position';
import { SPEEDS, type Speed, type Studio } from '../store/studio';
import type { Action } from './action';

const NO_CHANGES = 'The shown step made no changes: show one that has run';

const unavailableAt =
  (isThere: (position: number, count: number) => boolean, where: string) =>
  (studio: Studio): string | null => {
    const count = changesOf(studio).length;
    if (count === 0) return NO_CHANGES;
    return isThere(positionOf(studio), count) ? where : null;
  };
const atStart = unavailableAt((position) => position === 0, 'This is the graph before the first change');
const atEnd = unavailableAt(
  (position, count) => position === count,
  'This is the graph after the last change',
);

const hasChanges = (studio: Studio): boolean => changesOf(studio).length > 0;

const speedAction = (speed: Speed): Action => ({
  id: `play-speed-${speed}`,
  title: `Play at ${speed}×`,
  group: 'graph',
  keywords: ['speed', 'faster', 'slower'],
  run: (studio) => studio.setSpeed(speed),
});

/** Stepping through the changes of the shown step. */
export const PLAYBACK_ACTIONS: readonly Action[] = [
  {
    id: 'previous-change',
    title: 'Previous change',
    group: 'graph',
    keywords: ['back', 'step'],
    keys: ['ArrowLeft'],
    overButtons: hasChanges,
    unavailable: atStart,
    run: (studio) => void studio.previousChange(),
  },
  {
    id: 'next-change',
    title: 'Next change',
    group: 'graph',
    keywords: ['forward', 'step'],
    keys: ['ArrowRight'],
    overButtons: hasChanges,
    unavailable: atEnd,
    run: (studio) => void studio.nextChange(),
  },
  {
    id: 'play-changes',
    title: 'Play or pause the changes',
    group: 'graph',
    keywords: ['playback', 'animate'],
    keys: ['Space'],
    overButtons: hasChanges,
    unavailable: (studio) => (changesOf(studio).length === 0 ? NO_CHANGES : null),
    run: (studio) => (studio.playing ? studio.pause() : void studio.play()),
  },
  {
    id: 'first-change',
    title: 'Before the first change',
    group: 'graph',
    keywords: ['rewind', 'start'],
    unavailable: atStart,
    run: (studio) => void studio.seek(0),
  },
  {
    id: 'last-change',
    title: 'After the last change',
    group: 'graph',
    keywords: ['end', 'finished'],
    unavailable: (studio) => (changesOf(studio).length === 0 ? NO_CHANGES : null),
    run: (studio) => void studio.seek(null),
  },
  ...SPEEDS.map(speedAction),
];
