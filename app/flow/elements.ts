import { type Edge, MarkerType, type Node, Position } from 'reactflow';
import type { Decision, NodeChange } from '../../src/index';
import type { Positions } from './layout';
import { NODE_HEIGHT, NODE_WIDTH } from './nodeSize';
import type { DrawnNode, Side } from './union';

export type NodeData = {
  readonly view: DrawnNode;
  readonly decision: Decision | null;
  /** What equalization gained the layer, in dB, while the graph is painted; null otherwise. */
  readonly gain: number | null;
};
export type StudioNode = Node<NodeData, 'studio'>;

/** React Flow's nodes of one side. The data of a node does not depend on the selection: it stays the same object. */
export function flowNodes(
  side: Side,
  positions: Positions,
  decisions: ReadonlyMap<string, Decision>,
  gains: ReadonlyMap<string, number>,
): StudioNode[] {
  return side.nodes.flatMap((view) => {
    const position = positions.get(view.name);
    if (position === undefined) return [];
    const width = NODE_WIDTH[view.role];
    const handle = (position: Position, x: number, y: number) =>
      (['source', 'target'] as const).map((type) => ({
        id: position,
        type,
        position,
        x,
        y,
        width: 1,
        height: 1,
      }));
    return [
      {
        id: view.name,
        type: 'studio' as const,
        position,
        width,
        height: NODE_HEIGHT,
        // Places of the handles, so that edges to nodes outside the visible part can be drawn.
        handles: [
          ...handle(Position.Top, width / 2 - 0.5, 0),
          ...handle(Position.Bottom, width / 2 - 0.5, NODE_HEIGHT),
          ...handle(Position.Left, 0, NODE_HEIGHT / 2 - 0.5),
          ...handle(Position.Right, width, NODE_HEIGHT / 2 - 0.5),
        ],
        data: { view, decision: decisions.get(view.name) ?? null, gain: gains.get(view.name) ?? null },
      },
    ];
  });
}

/** An edge is new or gone with the node at either end of it. */
function edgeChange(ends: readonly (NodeChange | undefined)[]): NodeChange {
  if (ends.includes('added')) return 'added';
  return ends.includes('removed') ? 'removed' : 'same';
}

/** Where an edge leaves and enters: from above to below, or level from a constant beside its reader. */
function handlesOf(from: string, positions: Positions) {
  const constant = positions.get(from)?.constant ?? null;
  if (constant === null || constant === 'above')
    return { sourceHandle: Position.Bottom, targetHandle: Position.Top };
  return constant === 'left'
    ? { sourceHandle: Position.Right, targetHandle: Position.Left }
    : { sourceHandle: Position.Left, targetHandle: Position.Right };
}

export function flowEdges(side: Side, positions: Positions): Edge[] {
  const changes = new Map(side.nodes.map((node) => [node.name, node.change]));
  return side.edges.map(({ from, to }) => {
    const change = edgeChange([changes.get(from), changes.get(to)]);
    return {
      id: JSON.stringify([from, to]),
      source: from,
      target: to,
      ...handlesOf(from, positions),
      className: `edge ${change}`,
      markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: `var(--edge-${change})` },
      focusable: false,
    };
  });
}
