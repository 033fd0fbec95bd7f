import type { Studio } from '../studio';
import { filmOf, textOf } from './film';
import { playedOf } from './position';

/** FX's text of the graph that is drawn: between two changes where a step is played. */
export function shownText(studio: Pick<Studio, 'played' | 'view' | 'shown' | 'form'>): string | undefined {
  const played = playedOf(studio);
  if (played !== null) return textOf(filmOf(played.playback).at(played.position).nodes);
  return studio.view.steps[studio.shown]?.graph.text;
}
