import type { Node } from 'reactflow';
import type { Decision } from '../../src/index';
import type { Group } from '../store/groups/groupTree';
import type { ClosedGroup, GroupedSide } from './groups/groupScene';
import type { SceneLayout } from './layout';
import { NODE_HEIGHT, NODE_WIDTH } from './nodeSize';
import type { DrawnNode } from './union';
import type { Rect } from './viewport';

export type NodeData = {
  readonly view: DrawnNode;
  readonly decision: Decision | null;
  /** What equalization gained the layer, in dB, while the graph is painted; null otherwise. */
  readonly gain: number | null;
};
export type StudioNode = Node<NodeData, 'studio'>;
export type ClosedData = {
  readonly closed: ClosedGroup;
  readonly decisions: ReadonlyMap<string, Decision>;
};
export type ClosedNode = Node<ClosedData, 'closed'>;
export type FrameNode = Node<{ readonly group: Group }, 'frame'>;
export type PaneNode = StudioNode | ClosedNode | FrameNode;

/** What one pane draws: one side in its places. */
export interface Drawing {
  readonly side: GroupedSide;
  readonly layout: SceneLayout;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly gains: ReadonlyMap<string, number>;
}

/** Something with a place, as all views of the graph see it. */
export interface Spot {
  readonly id: string;
  readonly rect: Rect;
  readonly content:
    | { readonly kind: 'node'; readonly view: DrawnNode }
    | { readonly kind: 'closed'; readonly closed: ClosedGroup }
    | { readonly kind: 'frame'; readonly group: Group };
}

/** All that a pane draws, frames first: they lie under what stands in them. */
export function spotsOf({ side, layout }: Pick<Drawing, 'side' | 'layout'>): readonly Spot[] {
  const placed = (id: string, width: number): Rect | null => {
    const place = layout.positions.get(id);
    return place === undefined ? null : { x: place.x, y: place.y, width, height: NODE_HEIGHT };
  };
  const spot = (id: string, rect: Rect | null | undefined, content: Spot['content']): readonly Spot[] =>
    rect === null || rect === undefined ? [] : [{ id, rect, content }];
  return [
    ...side.open.flatMap((group) => spot(group.id, layout.frames.get(group.id), { kind: 'frame', group })),
    ...side.closed.flatMap((closed) =>
      spot(closed.group.id, placed(closed.group.id, NODE_WIDTH.group), { kind: 'closed', closed }),
    ),
    ...side.nodes.flatMap((view) =>
      spot(view.name, placed(view.name, NODE_WIDTH[view.role]), { kind: 'node', view }),
    ),
  ];
}

/** React Flow's node of a spot. Its data does not depend on the selection: it stays the same object. */
export function flowNode({ id, rect, content }: Spot, { decisions, gains }: Drawing): PaneNode {
  const { x, y, width, height } = rect;
  const shared = { id, position: { x, y }, width, height };
  switch (content.kind) {
    case 'node': {
      const decision = decisions.get(id) ?? null;
      return {
        ...shared,
        type: 'studio',
        data: { view: content.view, decision, gain: gains.get(id) ?? null },
      };
    }
    case 'closed':
      return { ...shared, type: 'closed', data: { closed: content.closed, decisions } };
    case 'frame':
      return { ...shared, type: 'frame', zIndex: -2, data: { group: content.group } };
    default:
      return content satisfies never;
  }
}
