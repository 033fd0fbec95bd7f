import { Button } from '@mantine/core';
import { useStudio } from '../store/context';

/** Shows the graph as a tree beside it, and puts it away. */
export function OutlineToggle() {
  const isOpen = useStudio((studio) => studio.outlineOpen);
  const open = useStudio((studio) => studio.openOutline);
  return (
    <Button
      className="outline-toggle"
      size="compact-sm"
      h={28}
      variant="default"
      aria-pressed={isOpen}
      onClick={() => open(!isOpen)}
    >
      Outline
    </Button>
  );
}
