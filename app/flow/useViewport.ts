import { useEffect, useRef, useState } from 'react';
import type { Viewport } from 'reactflow';
import { useStudio, useStudioStore } from '../store/context';
import type { ClosedGroup } from './groups/groupScene';
import { NODE_HEIGHT, NODE_WIDTH } from './nodeSize';
import { searchCover } from './search/searchCover';
import type { Arranged } from './useArranged';
import {
  centredAt,
  covers,
  type Drawn,
  fitted,
  kept,
  overview,
  type Rect,
  type Size,
  sightOf,
  zoomed,
} from './viewport';

/** What the panes draw, as the viewport sees it: both sides in their common places. */
export const drawnOf = ({ grouped, layout }: Arranged): Drawn => ({
  nodes: grouped.items,
  positions: layout.positions,
  frames: [...layout.frames.values()],
});

/** Where a node, a closed group or an open one is; null for what is not drawn. */
export function rectOf({ grouped, layout }: Arranged, id: string): Rect | null {
  const frame = layout.frames.get(id);
  if (frame !== undefined) return frame;
  const place = layout.positions.get(id);
  if (place === undefined) return null;
  const node =
    grouped.items.find(({ name }) => name === id) ?? grouped.before?.nodes.find(({ name }) => name === id);
  return node === undefined ? null : { ...place, width: NODE_WIDTH[node.role], height: NODE_HEIGHT };
}

type SetViewport = (change: (current: Viewport) => Viewport) => void;

/** Where a node is, or the closed group that it stands in. */
export function placeOf(arranged: Arranged, name: string): Rect | null {
  const own = rectOf(arranged, name);
  if (own !== null) return own;
  const holds = ({ members }: ClosedGroup) => members.some((member) => member.name === name);
  const closed = arranged.grouped.after.closed.find(holds);
  return closed === undefined ? null : rectOf(arranged, closed.group.id);
}

/** What a pane of that size draws. */
interface Shown {
  readonly arranged: Arranged;
  readonly pane: Size;
}

/** The first view of a model: of a project that is opened again the node that was selected is in sight. */
function firstOf({ arranged, pane }: Shown, selected: string | null): Viewport {
  const view = fitted(drawnOf(arranged), pane);
  const place = selected === null ? null : placeOf(arranged, selected);
  return place === null || covers(sightOf(view, pane), place) ? view : centredAt(place, pane, view);
}

/** The view when what is drawn or its room has changed, with the selected node where there is one. */
function movedTo(
  { arranged, pane }: Shown,
  before: Shown,
  view: Viewport,
  selected: string | null,
): Viewport {
  const place = selected === null ? null : placeOf(arranged, selected);
  // A comparison that opens begins at what is looked at, as its walk goes on from there.
  const isOpened = !before.arranged.scene.before && arranged.scene.before;
  if (isOpened && place !== null) return centredAt(place, pane, view);
  const earlier = selected === null ? null : placeOf(before.arranged, selected);
  const held = place && earlier && { before: earlier, after: place };
  return kept(drawnOf(arranged), pane, view, before.pane, held);
}

/** Pan and zoom: fitted for a new model, with the selected node in sight; afterwards kept while it still shows the graph. */
export function useViewport(arranged: Arranged | null, pane: Size) {
  const [viewport, setViewport] = useState<Viewport>({ x: 0, y: 0, zoom: 1 });
  const last = useRef<Shown | null>(null);
  const anchor = useStudio((studio) => studio.groupAnchor);
  const anchored = useRef(anchor?.serial ?? 0);
  const store = useStudioStore();
  useEffect(() => {
    if (arranged === null || pane.width <= 0 || pane.height <= 0) return;
    const shown = { arranged, pane };
    const before = last.current;
    last.current = shown;
    // Read, not followed: that another node is selected moves nothing.
    const { selected } = store.getState();
    if (before?.arranged.key !== arranged.key) return setViewport(firstOf(shown, selected));
    const isNew = before.arranged.layout !== arranged.layout;
    const moved = isNew && anchor && anchored.current !== anchor.serial;
    if (moved) anchored.current = anchor.serial;
    const shift = moved ? shiftOf(rectOf(before.arranged, anchor.id), rectOf(arranged, anchor.id)) : null;
    if (shift === null) return setViewport((current) => movedTo(shown, before, current, selected));
    setViewport(({ x, y, zoom }) => ({ x: x - shift.x * zoom, y: y - shift.y * zoom, zoom }));
  }, [arranged, pane, anchor, store]);
  useCentring(arranged, pane, setViewport);
  useWishes(arranged, pane, setViewport);
  return [viewport, setViewport] as const;
}

/** How far the head of a group has moved when it was opened or closed. */
function shiftOf(before: Rect | null, after: Rect | null) {
  if (before === null || after === null) return null;
  const middle = ({ x, width }: Rect) => x + width / 2;
  return { x: middle(after) - middle(before), y: after.y - before.y };
}

/** Brings the node that was asked for to the middle, beside the search's list, once for each time it was asked for, as soon as it is drawn. */
function useCentring(arranged: Arranged | null, pane: Size, setViewport: SetViewport) {
  const centred = useStudio((studio) => studio.centred);
  const served = useRef(0);
  useEffect(() => {
    if (arranged === null || centred === null || served.current === centred.serial) return;
    const rect = rectOf(arranged, centred.node);
    if (rect === null) return;
    served.current = centred.serial;
    setViewport((current) => centredAt(rect, pane, current, searchCover()));
  }, [arranged, centred, pane, setViewport]);
}

/** Fit and zoom, wherever they are asked for. */
function useWishes(arranged: Arranged | null, pane: Size, setViewport: SetViewport) {
  const fit = useStudio((studio) => studio.fitSerial);
  const zoom = useStudio((studio) => studio.zoomWish);
  const served = useRef({ fit, zoom: zoom?.serial ?? 0 });
  useEffect(() => {
    if (arranged === null || served.current.fit === fit) return;
    served.current.fit = fit;
    setViewport(() => overview(drawnOf(arranged), pane));
  }, [arranged, fit, pane, setViewport]);
  useEffect(() => {
    if (zoom === null || served.current.zoom === zoom.serial) return;
    served.current.zoom = zoom.serial;
    setViewport((current) => zoomed(current, zoom.factor, pane));
  }, [zoom, pane, setViewport]);
}
