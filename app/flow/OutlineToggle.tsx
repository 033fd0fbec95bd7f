import { useStudio } from '../store/context';
import { ToolToggle } from './ToolToggle';

/** Shows the graph as a tree beside it, and puts it away. */
export function OutlineToggle() {
  const isOpen = useStudio((studio) => studio.outlineOpen);
  const open = useStudio((studio) => studio.openOutline);
  return (
    <ToolToggle isOn={isOpen} onToggle={open}>
      Outline
    </ToolToggle>
  );
}
