import { memo } from 'react';
import { ViewportPortal } from 'reactflow';
import { EdgeLines, type EdgeLinesProps } from './EdgeLines';

/** The edges of one pane under its nodes: React Flow's own would each be a component with handles. */
export const FlowEdges = memo(function FlowEdges(props: EdgeLinesProps) {
  return (
    <ViewportPortal>
      <EdgeLines {...props} />
    </ViewportPortal>
  );
});
