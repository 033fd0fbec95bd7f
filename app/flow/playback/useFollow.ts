import { type Dispatch, type SetStateAction, useEffect, useRef } from 'react';
import type { Viewport } from 'reactflow';
import { useStudio } from '../../store/context';
import { currentChange } from '../../store/playback/position';
import type { Positions } from '../layout';
import { NODE_HEIGHT, NODE_WIDTH } from '../nodeSize';
import type { DrawnNode } from '../union';
import type { Arranged } from '../useArranged';
import { centredOn, type Size } from '../viewport';

/** Whether any part of the node is outside the pane. */
function isOut(node: DrawnNode, positions: Positions, pane: Size, { x, y, zoom }: Viewport): boolean {
  const place = positions.get(node.name);
  if (place === undefined) return false;
  const [left, top] = [place.x * zoom + x, place.y * zoom + y];
  const right = left + NODE_WIDTH[node.role] * zoom;
  return left < 0 || top < 0 || right > pane.width || top + NODE_HEIGHT * zoom > pane.height;
}

/** Moves the view to the change that was made last, and only when what it is about is out of sight. */
export function useFollow(
  arranged: Arranged | null,
  pane: Size,
  setViewport: Dispatch<SetStateAction<Viewport>>,
): void {
  const current = useStudio((studio) => currentChange(studio)?.change ?? null);
  const served = useRef<object | null>(null);
  useEffect(() => {
    if (arranged === null || current === null || served.current === current) return;
    const { scene, positions } = arranged;
    // The graph of this change may still be laid out.
    if (scene.played?.of.changes[scene.played.position - 1] !== current) return;
    served.current = current;
    const about = new Set<string>(current.nodes.slice(0, 1));
    const node = scene.after.nodes.find(({ name }) => about.has(name));
    if (node === undefined) return;
    setViewport((view) =>
      isOut(node, positions, pane, view) ? (centredOn(node, positions, pane, view) ?? view) : view,
    );
  }, [arranged, current, pane, setViewport]);
}
