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

/** Wheel zooms about the pointer, drag pans, Shift and drag chooses what is to be in sight, a click picks. */
export function useGestures(wish: GestureWish) {
  const latest = useRef(wish);
  latest.current = wish;
  const start = useRef<{
    readonly left: number;
    readonly top: number;
    readonly sight: Sight;
    readonly frame: Frame;
    readonly shift: boolean;
  } | null>(null);
  const last = useRef({ x: Number.NaN, y: Number.NaN });
  const [selection, setSelection] = useState<Box | null>(null);
  useEffect(() => {
    const host = wish.host.current;
    const onWheel = (event: WheelEvent) => {
      const { frames, onSight } = latest.current;
      const frame = frameAt(frames.current ?? [], event.offsetX, event.offsetY);
      if (frame === undefined) return;
      event.preventDefault();
      onSight(
        zoomedSight(latest.current, placeIn(frame, event.offsetX, event.offsetY), wheelFactor(event.deltaY)),
      );
    };
    // React's own listener is passive, and the page would scroll.
    host?.addEventListener('wheel', onWheel, { passive: false });
    return () => host?.removeEventListener('wheel', onWheel);
  }, [wish.host]);
  const offsetOf = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { left: event.clientX - box.left, top: event.clientY - box.top };
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const { left, top } = offsetOf(event);
    const frame = frameAt(wish.frames.current ?? [], left, top);
    if (event.button > 0 || frame === undefined) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { left, top, sight: wish.sight, frame, shift: event.shiftKey };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    // Browsers repeat the last move when the page's layout changes: a pointer at rest must not undo what keys did.
    const isAtRest = last.current.x === event.clientX && last.current.y === event.clientY;
    last.current = { x: event.clientX, y: event.clientY };
    if (isAtRest) return;
    const { left, top } = offsetOf(event);
    const from = start.current;
    if (from === null) {
      const frame = frameAt(wish.frames.current ?? [], left, top);
      return wish.onPoint(frame === undefined ? null : placeIn(frame, left, top));
    }
    const { bbox, sight } = from.frame;
    if (from.shift)
      return setSelection({
        left: Math.min(from.left, left),
        width: Math.abs(left - from.left),
        top: wish.both ? Math.min(from.top, top) : bbox.top,
        height: wish.both ? Math.abs(top - from.top) : bbox.height,
      });
    const byX = ((from.left - left) / bbox.width) * (sight.x[1] - sight.x[0]);
    const byY = ((top - from.top) / bbox.height) * (sight.y[1] - sight.y[0]);
    wish.onSight({
      x: pannedExtent(from.sight.x, wish.limits.x, byX),
      y: wish.both ? pannedExtent(from.sight.y, wish.limits.y, byY) : from.sight.y,
    });
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const from = start.current;
    const box = selection;
    start.current = null;
    setSelection(null);
    if (from === null) return;
    const { left, top } = offsetOf(event);
    if (Math.hypot(left - from.left, top - from.top) < CLICK)
      return wish.onPick(placeIn(from.frame, left, top));
    if (box === null) return;
    const [a, b] = [
      placeIn(from.frame, box.left, box.top),
      placeIn(from.frame, box.left + box.width, box.top + box.height),
    ];
    wish.onSight({ x: [a.x, b.x], y: wish.both ? [b.y, a.y] : wish.sight.y });
  };
  return {
    selection,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel: () => {
        start.current = null;
        setSelection(null);
      },
      onPointerLeave: () => {
        const hasFocus = document.activeElement === wish.host.current;
        if (start.current !== null || hasFocus) return;
        last.current = { x: Number.NaN, y: Number.NaN };
        wish.onPoint(null);
      },
    },
  };
}
