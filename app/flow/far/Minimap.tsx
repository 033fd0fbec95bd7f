import { memo, type PointerEvent, useCallback, useMemo } from 'react';
import type { Viewport } from 'reactflow';
import type { DrawnEdge } from '../edgePath';
import type { Spot } from '../elements';
import { NO_MARKS } from '../marks';
import { type Rect, type Size, sightOf } from '../viewport';
import { type Emphasis, paintBoxes } from './paint';
import { useCanvas } from './useCanvas';

interface MinimapProps {
  readonly gains: Emphasis['gains'];
  readonly spots: readonly Spot[];
  readonly edges: readonly DrawnEdge[];
  /** The whole graph. */
  readonly bounds: Rect;
  readonly viewport: Viewport;
  readonly pane: Size;
  readonly onViewport: (viewport: Viewport) => void;
}

const ROOM = { width: 148, height: 112, margin: 6 };

/** How the whole graph lies in the map. */
function mapViewport({ x, y, width, height }: Rect): Viewport {
  const zoom = Math.min(
    (ROOM.width - 2 * ROOM.margin) / Math.max(1, width),
    (ROOM.height - 2 * ROOM.margin) / Math.max(1, height),
    0.15,
  );
  return {
    zoom,
    x: ROOM.width / 2 - (x + width / 2) * zoom,
    y: ROOM.height / 2 - (y + height / 2) * zoom,
  };
}

/** The boxes alone: they change with the graph, not with the view. */
const MapBoxes = memo(function MapBoxes({
  gains,
  spots,
  edges,
  map,
}: Pick<MinimapProps, 'gains' | 'spots' | 'edges'> & { readonly map: Viewport }) {
  const paint = useCallback(
    (context: CanvasRenderingContext2D, palette: Parameters<typeof paintBoxes>[4]) =>
      paintBoxes(
        context,
        { spots, edges },
        { viewport: map, size: ROOM },
        { gains, selected: null, ...NO_MARKS },
        palette,
      ),
    [gains, spots, edges, map],
  );
  const ref = useCanvas(ROOM, paint);
  return <canvas ref={ref} style={{ width: ROOM.width, height: ROOM.height }} aria-hidden />;
});

/** The whole graph, small, with the part that is in sight; pressing or dragging in it moves there. */
export function Minimap({ gains, spots, edges, bounds, viewport, pane, onViewport }: MinimapProps) {
  const map = useMemo(() => mapViewport(bounds), [bounds]);
  const sight = sightOf(viewport, pane);
  const go = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    const at = {
      x: (event.clientX - box.left - map.x) / map.zoom,
      y: (event.clientY - box.top - map.y) / map.zoom,
    };
    const { zoom } = viewport;
    onViewport({ zoom, x: pane.width / 2 - at.x * zoom, y: pane.height / 2 - at.y * zoom });
  };
  const frame = {
    left: sight.x * map.zoom + map.x,
    top: sight.y * map.zoom + map.y,
    width: sight.width * map.zoom,
    height: sight.height * map.zoom,
  };
  return (
    <div
      className="minimap"
      role="img"
      aria-label="Minimap of the whole graph"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      <MapBoxes gains={gains} spots={spots} edges={edges} map={map} />
      <span className="minimap-sight" style={frame} />
    </div>
  );
}
