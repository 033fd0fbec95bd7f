import { useId } from 'react';
import type { NodeChange } from '../../src/index';
import { type DrawnEdge, pathOf } from './edgePath';

const CHANGES: readonly NodeChange[] = ['same', 'added', 'removed', 'changed'];

export interface EdgeLinesProps {
  readonly edges: readonly DrawnEdge[];
  /** Edges that stand back because the way that is followed does not take them. */
  readonly isOffPath: (edge: DrawnEdge) => boolean;
}

/** The edges of one pane, in one drawing, in the graph's own pixels. */
export function EdgeLines({ edges, isOffPath }: EdgeLinesProps) {
  const marker = useId();
  return (
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
  );
}
