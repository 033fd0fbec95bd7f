import { useCallback, useContext } from 'react';
import type { Viewport } from 'reactflow';
import { useStudio } from '../../store/context';
import { MarksContext } from '../marks';
import type { InSight } from '../useInSight';
import type { Size } from '../viewport';
import { type Emphasis, paintBoxes } from './paint';
import { useCanvas } from './useCanvas';

interface FarViewProps {
  readonly gains: Emphasis['gains'];
  readonly inSight: InSight;
  readonly viewport: Viewport;
  readonly pane: Size;
}

/** Thousands of nodes at once: boxes and lines without text, on a canvas under React Flow, which pans and zooms. */
export function FarView({ gains, inSight, viewport, pane }: FarViewProps) {
  const selected = useStudio((studio) => studio.selected);
  const marks = useContext(MarksContext);
  const paint = useCallback(
    (context: CanvasRenderingContext2D, palette: Parameters<typeof paintBoxes>[4]) =>
      paintBoxes(context, inSight, { viewport, size: pane }, { gains, selected, ...marks }, palette),
    [gains, inSight, viewport, pane, selected, marks],
  );
  const ref = useCanvas(pane, paint);
  return (
    <canvas ref={ref} className="far-view" style={{ width: pane.width, height: pane.height }} aria-hidden />
  );
}
