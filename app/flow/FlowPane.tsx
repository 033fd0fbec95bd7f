import { type FocusEvent, useContext, useEffect, useMemo, useRef } from 'react';
import { Background, ReactFlow, ReactFlowProvider, type Viewport } from 'reactflow';
import { useWindowSize } from '../useWindowSize';
import type { DrawnEdge } from './edgePath';
import type { Drawing, PaneNode } from './elements';
import { FlowEdges } from './FlowEdges';
import { FlowFrame } from './FlowFrame';
import { FlowGroup } from './FlowGroup';
import { FlowNode } from './FlowNode';
import { FarView } from './far/FarView';
import { Minimap } from './far/Minimap';
import { firstPictures } from './first/pictures';
import { MarksContext } from './marks';
import { TabStopContext, useTabStop } from './tabStop';
import { type InSight, useInSight } from './useInSight';
import { usePress } from './usePress';
import { itemOf, useFocusInSight, useWalkKeys } from './useWalk';
import { type Rect, type Size, ZOOM } from './viewport';

const NODE_TYPES = { studio: FlowNode, closed: FlowGroup, frame: FlowFrame };

interface FlowPaneProps {
  /** Said in the pane's corner and to screen readers: `before · Prepare`. */
  readonly caption: string;
  readonly drawing: Drawing;
  readonly pane: Size;
  readonly viewport: Viewport;
  readonly onViewport: (viewport: Viewport) => void;
  readonly onBackground: () => void;
  /** The whole graph, for the pane that has the minimap; null without it. */
  readonly mapped: Rect | null;
  /** It shows the model before: nothing of it answers any more. */
  readonly isStale: boolean;
}

interface PaneGraphProps extends Pick<FlowPaneProps, 'viewport' | 'onViewport' | 'onBackground'> {
  readonly inSight: InSight;
}

/** React Flow with what is in sight; from afar it only pans and zooms over the canvas of boxes. */
function PaneGraph({ inSight, viewport, onViewport, onBackground }: PaneGraphProps) {
  const { spots, nodes, nearEdges, isFar } = inSight;
  const { isStacked } = useWindowSize();
  const { isOffPath } = useContext(MarksContext);
  const press = usePress(spots, viewport, onBackground);
  const isEdgeOff = useMemo(
    () => (edge: DrawnEdge) => isOffPath(edge.from) || isOffPath(edge.to),
    [isOffPath],
  );
  return (
    <ReactFlow<PaneNode>
      nodes={[...nodes]}
      nodeTypes={NODE_TYPES}
      viewport={viewport}
      onViewportChange={onViewport}
      onPaneClick={isFar ? press : onBackground}
      minZoom={ZOOM.min}
      maxZoom={ZOOM.max}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      elementsSelectable={false}
      // Where the page scrolls, the wheel must not get stuck in the graph.
      zoomOnScroll={!isStacked}
      preventScrolling={!isStacked}
      // The arrow keys go from node to node here.
      disableKeyboardA11y
      proOptions={{ hideAttribution: false }}
    >
      {!isFar && <FlowEdges edges={nearEdges} isOffPath={isEdgeOff} />}
      {!isFar && <Background gap={18} size={1.2} color="var(--dots)" />}
    </ReactFlow>
  );
}

/** One graph: a single tab stop, walked by arrow keys. Pan and zoom belong to the parent, which shares them between the panes. */
export function FlowPane(props: FlowPaneProps) {
  const { caption, drawing, pane, viewport, onViewport, onBackground, mapped, isStale } = props;
  const root = useRef<HTMLElement>(null);
  useEffect(firstPictures.paneDraws, []);
  const inSight = useInSight(drawing, viewport, pane);
  const { spots, edges, nodes, isFar } = inSight;
  const onKeyDown = useWalkKeys({ root, spots, edges, pane, onViewport, viewport });
  const { stop, setWanted } = useTabStop(nodes);
  const bringInSight = useFocusInSight({ spots, pane, onViewport, viewport });
  const onFocus = (event: FocusEvent) => {
    const item = itemOf(event.target);
    if (item !== null) setWanted(item);
    bringInSight(event);
  };
  const shared = { viewport, onViewport };
  const { gains } = drawing;
  return (
    <section
      className="flow-pane"
      inert={isStale}
      aria-label={`Graph, ${caption}`}
      ref={root}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      <em className="flow-caption">{caption}</em>
      {isFar && <FarView gains={gains} inSight={inSight} viewport={viewport} pane={pane} />}
      <TabStopContext value={stop}>
        <ReactFlowProvider>
          <PaneGraph {...shared} inSight={inSight} onBackground={onBackground} />
        </ReactFlowProvider>
      </TabStopContext>
      {mapped !== null && (
        <Minimap {...shared} gains={gains} spots={spots} edges={edges} bounds={mapped} pane={pane} />
      )}
    </section>
  );
}
