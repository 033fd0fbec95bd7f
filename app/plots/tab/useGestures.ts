import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Sight } from '../figure/drawFigure';
import type { Box, Extent, Frame } from '../picture';
import { pannedExtent, wheelFactor, zoomedExtent } from '../sight';

/** A place in a picture, in the units of its axes. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface GestureWish {
  readonly host: RefObject<HTMLElement | null>;
  /** Of the pictures that follow: colour bars are not among them. */
  readonly frames: RefObject<readonly Frame[]>;
  readonly sight: Sight;
  readonly limits: Sight;
  /** A matrix is zoomed along both axes, other plots along x. */
  readonly both: boolean;
  readonly onSight: (sight: Sight) => void;
  readonly onPoint: (place: Place | null) => void;
  readonly onPick: (place: Place) => void;
}

/** As close as anyone needs to come: two columns, or a part of the axis. */
export const leastOf = ([from, to]: Extent): number => Math.min(2, Math.abs(to - from) / 500);

const unscaled = ([from, to]: Extent, part: number): number => from + (to - from) * part;

function placeIn({ bbox, sight }: Frame, left: number, top: number): Place {
  return {
    x: unscaled(sight.x, (left - bbox.left) / bbox.width),
    y: unscaled(sight.y, 1 - (top - bbox.top) / bbox.height),
  };
}

const frameAt = (frames: readonly Frame[], left: number, top: number): Frame | undefined =>
  frames.find(
    ({ bbox }) =>
      left >= bbox.left && left <= bbox.left + bbox.width && top >= bbox.top && top <= bbox.top + bbox.height,
  );

/** The sight zoomed about a place. */
export function zoomedSight(
  { sight, limits, both }: Pick<GestureWish, 'sight' | 'limits' | 'both'>,
  at: Place,
  factor: number,
): Sight {
  return {
    x: zoomedExtent(sight.x, limits.x, at.x, factor, leastOf(limits.x)),
    y: both ? zoomedExtent(sight.y, limits.y, at.y, factor, leastOf(limits.y)) : sight.y,
  };
}

/** Pixels that a press may move and still be a click. */
const CLICK = 4;

/** Where a drag began, and what was in sight then. */
interface Drag {
  readonly left: number;
  readonly top: number;
  readonly sight: Sight;
  readonly frame: Frame;
  readonly shift: boolean;
}
/** A place of the pointer, in pixels from the element's corner. */
interface Offset {
  readonly left: number;
  readonly top: number;
}

function offsetOf(event: PointerEvent<HTMLElement>): Offset {
  const box = event.currentTarget.getBoundingClientRect();
  return { left: event.clientX - box.left, top: event.clientY - box.top };
}

/** What a Shift-drag has chosen so far, in pixels. */
const chosenBox = (from: Drag, { left, top }: Offset, both: boolean): Box => ({
  left: Math.min(from.left, left),
  width: Math.abs(left - from.left),
  top: both ? Math.min(from.top, top) : from.frame.bbox.top,
  height: both ? Math.abs(top - from.top) : from.frame.bbox.height,
});

/** What a drag brings into sight: the place under the pointer stays under it. */
function pannedSight(
  from: Drag,
  { left, top }: Offset,
  { limits, both }: Pick<GestureWish, 'limits' | 'both'>,
): Sight {
  const { bbox, sight } = from.frame;
  const byX = ((from.left - left) / bbox.width) * (sight.x[1] - sight.x[0]);
  const byY = ((top - from.top) / bbox.height) * (sight.y[1] - sight.y[0]);
  return {
    x: pannedExtent(from.sight.x, limits.x, byX),
    y: both ? pannedExtent(from.sight.y, limits.y, byY) : from.sight.y,
  };
}

function boxSight({ frame }: Drag, box: Box, { sight, both }: Pick<GestureWish, 'sight' | 'both'>): Sight {
  const a = placeIn(frame, box.left, box.top);
  const b = placeIn(frame, box.left + box.width, box.top + box.height);
  return { x: [a.x, b.x], y: both ? [b.y, a.y] : sight.y };
}

/** The wheel zooms about the pointer. */
function useWheel(wish: GestureWish): void {
  const latest = useRef(wish);
  latest.current = wish;
  useEffect(() => {
    const host = wish.host.current;
    const onWheel = (event: WheelEvent) => {
      const { frames, onSight } = latest.current;
      const frame = frameAt(frames.current ?? [], event.offsetX, event.offsetY);
      if (frame === undefined) return;
      event.preventDefault();
      const at = placeIn(frame, event.offsetX, event.offsetY);
      onSight(zoomedSight(latest.current, at, wheelFactor(event.deltaY)));
    };
    // React's own listener is passive, and the page would scroll.
    host?.addEventListener('wheel', onWheel, { passive: false });
    return () => host?.removeEventListener('wheel', onWheel);
  }, [wish.host]);
}

const NOWHERE = { x: Number.NaN, y: Number.NaN };

/**
 * Tells moves of the pointer from those that browsers repeat when the page's layout changes: a pointer at rest must not
 * undo what keys did.
 */
function useMoves() {
  const last = useRef(NOWHERE);
  return {
    isMove: ({ clientX: x, clientY: y }: PointerEvent<HTMLElement>): boolean => {
      const moved = last.current.x !== x || last.current.y !== y;
      last.current = { x, y };
      return moved;
    },
    forget: () => {
      last.current = NOWHERE;
    },
  };
}

/** Wheel zooms about the pointer, drag pans, Shift and drag chooses what is to be in sight, a click picks. */
export function useGestures(wish: GestureWish) {
  const start = useRef<Drag | null>(null);
  const [selection, setSelection] = useState<Box | null>(null);
  const { isMove, forget } = useMoves();
  useWheel(wish);
  const frameUnder = ({ left, top }: Offset) => frameAt(wish.frames.current ?? [], left, top);
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const at = offsetOf(event);
    const frame = frameUnder(at);
    if (event.button > 0 || frame === undefined) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { ...at, sight: wish.sight, frame, shift: event.shiftKey };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (!isMove(event)) return;
    const at = offsetOf(event);
    const from = start.current;
    const frame = frameUnder(at);
    if (from === null) wish.onPoint(frame === undefined ? null : placeIn(frame, at.left, at.top));
    else if (from.shift) setSelection(chosenBox(from, at, wish.both));
    else wish.onSight(pannedSight(from, at, wish));
  };
  const end = (): Drag | null => {
    const from = start.current;
    start.current = null;
    setSelection(null);
    return from;
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const from = end();
    if (from === null) return;
    const { left, top } = offsetOf(event);
    const isClick = Math.hypot(left - from.left, top - from.top) < CLICK;
    if (isClick) wish.onPick(placeIn(from.frame, left, top));
    else if (selection !== null) wish.onSight(boxSight(from, selection, wish));
  };
  const onPointerLeave = () => {
    if (start.current !== null || document.activeElement === wish.host.current) return;
    forget();
    wish.onPoint(null);
  };
  return {
    selection,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: end, onPointerLeave },
  };
}
