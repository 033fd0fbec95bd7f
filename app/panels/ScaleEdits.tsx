import { Button } from '@mantine/core';
import { formatNumber } from './format';
import type { ScaleEditor } from './useScaleEditor';

/** The list goes with its last scale: the focus moves to where the next one is set. */
function focusPlot(from: Element) {
  const plot = from.closest('.by-hand')?.querySelector('[role=slider]');
  if (plot instanceof HTMLElement) plot.focus({ preventScroll: true });
}

/** The columns set by hand; each leads to its column. */
export function ScaleEdits({ layer, editor }: { layer: string; editor: ScaleEditor }) {
  const { edits, column, select, takeBack } = editor;
  if (edits.length === 0) return null;
  return (
    <div className="scale-edits">
      <ul aria-label="Scales set by hand">
        {edits.map((edit) => (
          <li key={edit.column}>
            <button
              type="button"
              className="scale-edit"
              aria-pressed={edit.column === column}
              title={edit.layer === layer ? undefined : `Set at ${edit.layer}, which shares it`}
              onClick={() => select(edit.column)}
            >
              <span aria-hidden>◆ </span>
              {edit.column}: {formatNumber(edit.value)}
              {edit.layer !== layer && <span className="dim"> ({edit.layer})</span>}
            </button>
          </li>
        ))}
      </ul>
      <Button
        size="compact-xs"
        variant="default"
        onClick={(event) => {
          focusPlot(event.currentTarget);
          takeBack(edits);
        }}
      >
        Take all back
      </Button>
    </div>
  );
}
