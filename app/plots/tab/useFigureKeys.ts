import type { KeyboardEvent } from 'react';
import type { Sight } from '../figure/drawFigure';
import { type Place, zoomedSight } from './useGestures';

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [Number.NEGATIVE_INFINITY, 0],
  End: [Number.POSITIVE_INFINITY, 0],
};
const FASTER = 10;
const KEY_ZOOM = 0.7;

export interface FigureKeys {
  readonly sight: Sight;
  readonly limits: Sight;
  readonly both: boolean;
  /** Where the mark is, for zooming by keys; null without one. */
  readonly markPlace: Place | null;
  readonly onSight: (sight: Sight) => void;
  readonly onPick: (place: Place) => void;
  /** Moves the mark by columns and rows; infinite to an end. */
  readonly onMove: (columns: number, rows: number) => void;
}

const middle = ({ x, y }: Sight): Place => ({ x: (x[0] + x[1]) / 2, y: (y[0] + y[1]) / 2 });

/** The keys of a plot; those that it takes go no further, since others stand for the graph. */
export function useFigureKeys({ sight, limits, both, markPlace, onSight, onMove, onPick }: FigureKeys) {
  const zoom = (factor: number) =>
    onSight(zoomedSight({ sight, limits, both }, markPlace ?? middle(sight), factor));
  const others: Readonly<Record<string, () => void>> = {
    '+': () => zoom(KEY_ZOOM),
    '=': () => zoom(KEY_ZOOM),
    '-': () => zoom(1 / KEY_ZOOM),
    '0': () => onSight(limits),
    Enter: () => markPlace !== null && onPick(markPlace),
  };
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    const other = others[event.key];
    if (step === undefined && other === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const speed = event.shiftKey ? FASTER : 1;
    if (step !== undefined) onMove(step[0] * speed, step[1] * speed);
    else other?.();
  };
}
