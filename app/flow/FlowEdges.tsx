import { memo, useId } from 'react';
import { ViewportPortal } from 'reactflow';
import type { NodeChange } from '../../src/index';
import { type DrawnEdge, pathOf } from './edgePath';

const CHANGES: readonly NodeChange[] = ['same', 'added', 'removed', 'changed'];

interface FlowEdgesProps {
  readonly edges: readonly DrawnEdge[];
  /** Edges that stand back because the way that is followed does not take them. */
  readonly isOffPath: (edge: DrawnEdge) => boolean;
}

/** The edges of one pane, in one drawing under the nodes: React Flow's own would each be a component with handles. */
export const FlowEdges = memo(function FlowEdges({ edges, isOffPath }: FlowEdgesProps) {
  const marker = useId();
  return (
    <ViewportPortal>
      <svg className="flow-edges" aria-hidden>
        <defs>
          {CHANGES.map((change) => (
            <marker
              key={change}
              id={`${marker}${change}`}
              viewBox="-8 -5 9 10"
              markerWidth="9"
              markerHeight="9"
              orient="auto"
              markerUnits="userSpaceOnUse"
            >
              <path d="M-7,-4 L0,0 L-7,4 Z" fill={`var(--edge-${change})`} />
            </marker>
          ))}
        </defs>
        {edges.map((edge) => (
          <path
            key={edge.key}
            className={`edge ${edge.change}${isOffPath(edge) ? ' off-path' : ''}`}
            d={pathOf(edge)}
            markerEnd={`url(#${marker}${edge.change})`}
          />
        ))}
      </svg>
    </ViewportPortal>
  );
});
