import { startTransition, useEffect, useMemo, useRef, useState } from 'react';
import type { Viewport } from 'reactflow';
import { whenIdle } from '../whenIdle';
import { type DrawnEdge, edgesOf } from './edgePath';
import { type Drawing, flowNode, type PaneNode, type Spot, spotsOf } from './elements';
import { covers, type Rect, type Size, sightOf, touches } from './viewport';

/** More nodes than these in sight are drawn as plain boxes. */
const FAR = 220;
/** Graphs up to so many nodes are there whole: search, tests and readers of the page find every node. */
const WHOLE = 300;
/** How far past the pane nodes are kept ready, as a share of its size. */
const AHEAD = 0.4;

export interface InSight {
  readonly spots: readonly Spot[];
  readonly edges: readonly DrawnEdge[];
  /** Too many to be read: only boxes are drawn. */
  readonly isFar: boolean;
  /** React Flow's nodes near the pane; none when far. */
  readonly nodes: readonly PaneNode[];
  readonly nearEdges: readonly DrawnEdge[];
}

/** The part of the graph that nodes are made of: it stays the same while the view moves inside of it. */
function useRegion(viewport: Viewport, pane: Size): Rect {
  const region = useRef<{ readonly rect: Rect; readonly zoom: number } | null>(null);
  const known = region.current;
  const isNear =
    known !== null && covers(known.rect, sightOf(viewport, pane)) && viewport.zoom < 1.6 * known.zoom;
  if (!isNear || known === null)
    region.current = { rect: sightOf(viewport, pane, AHEAD), zoom: viewport.zoom };
  return region.current?.rect ?? sightOf(viewport, pane, AHEAD);
}

/** The rest of the nodes waits no longer than this for what is in sight. */
const DRAWN_MS = 100;

/** Whether the pane has drawn what is in sight: the rest of hundreds of nodes comes in a task of its own. */
function useHasDrawn(): boolean {
  const [hasDrawn, setHasDrawn] = useState(false);
  useEffect(() => whenIdle(() => startTransition(() => setHasDrawn(true)), DRAWN_MS), []);
  return hasDrawn;
}

/** What a pane draws of a graph: only what is near, and that only while it can be read. */
export function useInSight(drawing: Drawing, viewport: Viewport, pane: Size): InSight {
  const spots = useMemo(() => spotsOf(drawing), [drawing]);
  const edges = useMemo(() => {
    const byId = new Map(spots.map((spot) => [spot.id, spot]));
    return edgesOf(drawing, byId);
  }, [drawing, spots]);
  const region = useRegion(viewport, pane);
  const hasDrawn = useHasDrawn();
  const sight = useMemo(() => (hasDrawn ? null : sightOf(viewport, pane)), [hasDrawn, viewport, pane]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: nodes are made anew for what is drawn anew
  const made = useMemo(() => new Map<Spot, PaneNode>(), [spots, drawing]);
  const near = useMemo(() => {
    const isWhole = spots.length <= WHOLE;
    const inRegion = isWhole ? spots : spots.filter(({ rect }) => touches(rect, region));
    // The region is larger than the pane by the margins on all sides.
    const isFar = !isWhole && inRegion.length > FAR * (1 + 2 * AHEAD);
    if (isFar) return { isFar, nodes: [], nearEdges: [] };
    const drawn = sight === null ? inRegion : inRegion.filter(({ rect }) => touches(rect, sight));
    const nodes = drawn.map((spot) => {
      const node = made.get(spot) ?? flowNode(spot, drawing);
      made.set(spot, node);
      return node;
    });
    return {
      isFar,
      nodes,
      nearEdges:
        isWhole && sight === null ? edges : edges.filter(({ bounds }) => touches(bounds, sight ?? region)),
    };
  }, [spots, edges, region, sight, drawing, made]);
  return { spots, edges, ...near };
}
