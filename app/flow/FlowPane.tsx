import { type KeyboardEvent, type MouseEvent, useContext, useMemo, useRef } from 'react';
import { Background, ReactFlow, ReactFlowProvider, type Viewport } from 'reactflow';
import { useStudio } from '../store/context';
import { useWindowSize } from '../useWindowSize';
import type { DrawnEdge } from './edgePath';
import type { Drawing, PaneNode, Spot } from './elements';
import { FlowEdges } from './FlowEdges';
import { FlowFrame } from './FlowFrame';
import { FlowGroup } from './FlowGroup';
import { FlowNode } from './FlowNode';
import { FarView } from './far/FarView';
import { Minimap } from './far/Minimap';
import { MarksContext } from './marks';
import { useInSight } from './useInSight';
import { useFocusInSight, useWalk, type Way } from './useWalk';
import { type Rect, type Size, ZOOM } from './viewport';

const NODE_TYPES = { studio: FlowNode, closed: FlowGroup, frame: FlowFrame };
const WAYS: Readonly<Record<string, Way>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  'shift+ArrowLeft': 'left',
  'shift+ArrowRight': 'right',
};

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
}

/** What lies under a point of the pane; the innermost frame where nothing else does. */
function spotAt(
  spots: readonly Spot[],
  { x, y }: { readonly x: number; readonly y: number },
): Spot | undefined {
  return spots.findLast(
    ({ rect }) => x >= rect.x && x <= rect.x + rect.width && y >= rect.y && y <= rect.y + rect.height,
  );
}

/** From afar nodes are boxes on a canvas: a press on one goes to it, or opens the group. */
function usePress(spots: readonly Spot[], viewport: Viewport, onBackground: () => void) {
  const goTo = useStudio((studio) => studio.goTo);
  const toggle = useStudio((studio) => studio.toggleGroup);
  return (event: MouseEvent) => {
    const box = event.currentTarget.closest('.flow-pane')?.getBoundingClientRect();
    const at = {
      x: (event.clientX - (box?.left ?? 0) - viewport.x) / viewport.zoom,
      y: (event.clientY - (box?.top ?? 0) - viewport.y) / viewport.zoom,
    };
    const content = spotAt(spots, at)?.content;
    if (content?.kind === 'node') goTo(content.view.name);
    else if (content?.kind === 'closed') toggle(content.closed.group.id);
    else onBackground();
  };
}

/** One graph on React Flow. Pan and zoom belong to the parent, which shares them between the panes. */
export function FlowPane(props: FlowPaneProps) {
  const { caption, drawing, pane, viewport, onViewport, onBackground, mapped } = props;
  const { isStacked } = useWindowSize();
  const { isOffPath } = useContext(MarksContext);
  const root = useRef<HTMLElement>(null);
  const inSight = useInSight(drawing, viewport, pane);
  const { spots, edges, nodes, nearEdges, isFar } = inSight;
  const press = usePress(spots, viewport, onBackground);
  const walk = useWalk({ root, spots, edges, pane, onViewport, viewport });
  const onFocus = useFocusInSight({ spots, pane, onViewport, viewport });
  const isEdgeOff = useMemo(
    () => (edge: DrawnEdge) => isOffPath(edge.from) || isOffPath(edge.to),
    [isOffPath],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const way = WAYS[`${event.shiftKey ? 'shift+' : ''}${event.key}`];
    const item = event.target instanceof Element ? event.target.closest('[data-item]') : null;
    const from = item?.getAttribute('data-item');
    if (way === undefined || !from || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    walk(way, from);
  };
  return (
    <section
      className="flow-pane"
      aria-label={`Graph, ${caption}`}
      ref={root}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      <em className="flow-caption">{caption}</em>
      {isFar && <FarView inSight={inSight} viewport={viewport} pane={pane} />}
      <ReactFlowProvider>
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
      </ReactFlowProvider>
      {mapped !== null && (
        <Minimap
          spots={spots}
          edges={edges}
          bounds={mapped}
          viewport={viewport}
          pane={pane}
          onViewport={onViewport}
        />
      )}
    </section>
  );
}
