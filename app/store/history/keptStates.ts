import { KEPT_GRAPHS } from '../compare/compareSlice';
import type { Studio } from '../studio';

/** The states that the page may come back to: those of its history, and those whose graphs can be compared. */
export function keptStates({ history, runs }: Pick<Studio, 'history' | 'runs'>): readonly number[] {
  const compared = runs.slice(-KEPT_GRAPHS).flatMap(({ state }) => state ?? []);
  const states = new Set([...history.map(({ state }) => state), ...compared]);
  return [...states].toSorted((one, other) => one - other);
}
