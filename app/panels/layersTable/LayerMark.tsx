import { useStudio } from '../../store/context';
import { chosenLayers, shownLayers } from '../../store/layersTable/shownLayers';

interface LayerMarkProps {
  readonly layer: string;
  readonly isMarked: boolean;
  readonly isStop: boolean;
}

/**
 * Marks a row for choices over several layers: a square, as boxes are of which many can be on. The table handles its keys.
 */
export function LayerMark({ layer, isMarked, isStop }: LayerMarkProps) {
  const mark = useStudio((studio) => studio.mark);
  return (
    <button
      type="button"
      className="mark"
      data-mark={layer}
      aria-pressed={isMarked}
      aria-label={`Select ${layer}`}
      tabIndex={isStop ? 0 : -1}
      onClick={(event) => mark(layer, event.shiftKey ? 'range' : 'toggle')}
    >
      <span aria-hidden>{isMarked ? '✓' : ''}</span>
    </button>
  );
}

/** All rows that the table shows, or none. */
export function AllMarks() {
  const names = useStudio((studio) => shownLayers(studio).names);
  const count = useStudio((studio) => chosenLayers(studio).length);
  const markAll = useStudio((studio) => studio.markAll);
  const isAll = count > 0 && count === names.length;
  return (
    <button
      type="button"
      className="mark"
      aria-pressed={isAll ? true : count > 0 ? 'mixed' : false}
      aria-label="Select all layers"
      onClick={() => markAll(isAll ? [] : names)}
    >
      <span aria-hidden>{isAll ? '✓' : count > 0 ? '–' : ''}</span>
    </button>
  );
}
