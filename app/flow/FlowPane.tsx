import { useMemo } from 'react';
import { Background, ReactFlow, ReactFlowProvider, type Viewport } from 'reactflow';
import type { Decision } from '../../src/index';
import { useWindowSize } from '../useWindowSize';
import { flowEdges, flowNodes } from './elements';
import { FlowNode } from './FlowNode';
import type { Positions } from './layout';
import type { Side } from './union';
import { ZOOM } from './viewport';

const NODE_TYPES = { studio: FlowNode };

interface FlowPaneProps {
  /** Said in the pane's corner and to screen readers: `before · Prepare`. */
  readonly caption: string;
  readonly side: Side;
  readonly positions: Positions;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly gains: ReadonlyMap<string, number>;
  readonly viewport: Viewport;
  readonly onViewport: (viewport: Viewport) => void;
  readonly onBackground: () => void;
}

/** One graph on React Flow. Pan and zoom belong to the parent, which shares them between the panes. */
export function FlowPane(props: FlowPaneProps) {
  const { caption, side, positions, decisions, gains, viewport, onViewport, onBackground } = props;
  const { isStacked } = useWindowSize();
  const nodes = useMemo(
    () => flowNodes(side, positions, decisions, gains),
    [side, positions, decisions, gains],
  );
  const edges = useMemo(() => flowEdges(side, positions), [side, positions]);
  return (
    <section className="flow-pane" aria-label={`Graph, ${caption}`}>
      <em className="flow-caption">{caption}</em>
      <ReactFlowProvider>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          viewport={viewport}
          onViewportChange={onViewport}
          onPaneClick={onBackground}
          minZoom={ZOOM.min}
          maxZoom={ZOOM.max}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          elementsSelectable={false}
          // Where the page scrolls, the wheel must not get stuck in the graph.
          zoomOnScroll={!isStacked}
          preventScrolling={!isStacked}
          onlyRenderVisibleElements
          proOptions={{ hideAttribution: false }}
        >
          <Background gap={18} size={1.2} color="var(--dots)" />
        </ReactFlow>
      </ReactFlowProvider>
    </section>
  );
}
