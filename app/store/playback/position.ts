import type { ChangeView } from '../../../src/index';
import type { PlaybackWait, PlayedStep, Studio } from '../studio';

/** The step that is being played; null while the shown step is seen finished. */
export function playedOf({
  played,
  view,
  shown,
  form,
}: Pick<Studio, 'played' | 'view' | 'shown' | 'form'>): PlayedStep | null {
  const counts = played !== null && played.of === view.steps[shown] && played.form === form;
  return counts ? played : null;
}

/** The wait for the shown step's changes, once it takes long. */
export function waitOf({
  playbackWait: wait,
  view,
  shown,
  form,
}: Pick<Studio, 'playbackWait' | 'view' | 'shown' | 'form'>): PlaybackWait | null {
  return wait !== null && wait.of === view.steps[shown] && wait.form === form ? wait : null;
}

const NONE: readonly ChangeView[] = [];

export const changesOf = ({ view, shown }: Pick<Studio, 'view' | 'shown'>): readonly ChangeView[] =>
  view.steps[shown]?.changes ?? NONE;

/** How many of the shown step's changes are done: all of them in a finished step. */
export const positionOf = (studio: Pick<Studio, 'played' | 'view' | 'shown' | 'form'>): number =>
  playedOf(studio)?.position ?? changesOf(studio).length;

/** The change that was made last; null in a finished step and before the first one. */
export function currentChange(
  studio: Pick<Studio, 'played' | 'view' | 'shown' | 'form'>,
): { readonly number: number; readonly change: ChangeView } | null {
  const played = playedOf(studio);
  const change = played?.of.changes[played.position - 1];
  return played === null || change === undefined ? null : { number: played.position, change };
}

/** Whether the change that was made last is about the node. */
export const isCurrent = (
  studio: Pick<Studio, 'played' | 'view' | 'shown' | 'form'>,
  node: string,
): boolean => currentChange(studio)?.change.nodes.some((name) => name === node) ?? false;

/** Whether the change of that number, from 1 on, was made last. */
export const positionIs = (
  studio: Pick<Studio, 'played' | 'view' | 'shown' | 'form'>,
  number: number,
): boolean => playedOf(studio)?.position === number;
