import { type Dispatch, type SetStateAction, useEffect, useRef } from 'react';
import type { Viewport } from 'reactflow';
import { useStudio } from '../../store/context';
import { currentChange } from '../../store/playback/position';
import type { Arranged } from '../useArranged';
import { placeOf } from '../useViewport';
import { centredAt, covers, type Size, sightOf } from '../viewport';

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
    const { scene } = arranged;
    // The graph of this change may still be laid out.
    if (scene.played?.of.changes[scene.played.position - 1] !== current) return;
    served.current = current;
    const rect = placeOf(arranged, current.nodes[0] ?? '');
    if (rect === null) return;
    setViewport((view) => (covers(sightOf(view, pane), rect) ? view : centredAt(rect, pane, view)));
  }, [arranged, current, pane, setViewport]);
}
