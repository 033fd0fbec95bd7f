import type { MouseEvent } from 'react';
import type { Viewport } from 'reactflow';
import { useStudio } from '../store/context';
import type { Spot } from './elements';

/** What lies under a point of the pane; the innermost frame where nothing else does. */
function spotAt(
  spots: readonly Spot[],
  { x, y }: { readonly x: number; readonly y: number },
): Spot | undefined {
  return spots.findLast(
    ({ rect }) => x >= rect.x && x <= rect.x + rect.width && y >= rect.y && y <= rect.y + rect.height,
  );
}

/** From afar nodes are boxes on a canvas: a press on one goes to it, or opens the group. */
export function usePress(spots: readonly Spot[], viewport: Viewport, onBackground: () => void) {
  const goTo = useStudio((studio) => studio.goTo);
  const toggle = useStudio((studio) => studio.toggleGroup);
  return (event: MouseEvent) => {
    const box = event.currentTarget.closest('.flow-pane')?.getBoundingClientRect();
    const at = {
      x: (event.clientX - (box?.left ?? 0) - viewport.x) / viewport.zoom,
      y: (event.clientY - (box?.top ?? 0) - viewport.y) / viewport.zoom,
    };
    const content = spotAt(spots, at)?.content;
    if (content?.kind === 'node') goTo(content.view.name);
    else if (content?.kind === 'closed') toggle(content.closed.group.id);
    else onBackground();
  };
}
