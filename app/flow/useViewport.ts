import { useEffect, useRef, useState } from 'react';
import type { Viewport } from 'reactflow';
import { useStudio } from '../store/context';
import type { Arranged } from './useArranged';
import { centredOn, type Drawn, fitted, kept, type Size } from './viewport';

/** What the panes draw, as the viewport sees it: both sides in their common places. */
export const drawnOf = ({ scene, positions }: Arranged): Drawn => ({ nodes: scene.union.nodes, positions });

/** Pan and zoom: fitted for a new model; afterwards kept while it still shows the graph. */
export function useViewport(arranged: Arranged | null, pane: Size) {
  const [viewport, setViewport] = useState<Viewport>({ x: 0, y: 0, zoom: 1 });
  const last = useRef<{ readonly key: string; readonly pane: Size } | null>(null);
  useEffect(() => {
    if (arranged === null || pane.width <= 0 || pane.height <= 0) return;
    const drawn = drawnOf(arranged);
    const before = last.current;
    last.current = { key: arranged.key, pane };
    if (before?.key === arranged.key) setViewport((current) => kept(drawn, pane, current, before.pane));
    else setViewport(fitted(drawn, pane));
  }, [arranged, pane]);
  useCentring(arranged, pane, setViewport);
  return [viewport, setViewport] as const;
}

/** Brings the node that was asked for to the middle, once for each time it was asked for. */
function useCentring(
  arranged: Arranged | null,
  pane: Size,
  setViewport: (change: (current: Viewport) => Viewport) => void,
) {
  const centred = useStudio((studio) => studio.centred);
  const served = useRef(0);
  useEffect(() => {
    if (arranged === null || centred === null || served.current === centred.serial) return;
    const { before, after } = arranged.scene;
    const node = [...after.nodes, ...(before?.nodes ?? [])].find(({ name }) => name === centred.node);
    if (node === undefined) return;
    served.current = centred.serial;
    setViewport((current) => centredOn(node, arranged.positions, pane, current) ?? current);
  }, [arranged, centred, pane, setViewport]);
}
