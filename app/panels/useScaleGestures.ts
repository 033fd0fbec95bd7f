import { type KeyboardEvent, useRef } from 'react';
import type { PlotEdit } from '../plots/Plot';
import { columnAfter, columnAt, roundScale, scaleAfter } from '../plots/scaleGestures';
import { logsOf } from '../plots/scalePlot';
import { withinLimits } from '../store/byHand';
import { isBlank } from '../store/scaleEntry';
import { type ScaleEditor, scaleText } from './useScaleEditor';

/** A drag that has not begun to move is a click. */
interface Drag {
  readonly column: number;
  readonly from: number;
  readonly log: number;
  readonly threshold: number;
  text: string | null;
}

const SLACK = 3;

const textOf = (value: number): string => String(roundScale(withinLimits(value)));

/** Drags a mark up and down; only the release sets it. A click selects the column. */
function usePointer(editor: ScaleEditor, low: number, high: number): PlotEdit['onPointer'] {
  const drag = useRef<Drag | null>(null);
  return (phase, place) => {
    if (phase === 'down') {
      const column = columnAt(place, logsOf(editor.scale));
      const log = Math.log10(Number(scaleText(editor, column)));
      editor.select(column);
      drag.current = { column, from: place.y, log, threshold: SLACK * place.yPerPixel, text: null };
      return;
    }
    const { current } = drag;
    if (current === null) return;
    if (phase === 'move') {
      const moved = place.y - current.from;
      if (current.text === null && Math.abs(moved) < current.threshold) return;
      const log = Math.min(high, Math.max(low, (Number.isFinite(current.log) ? current.log : 0) + moved));
      current.text = textOf(10 ** log);
      editor.draft(current.column, current.text);
      return;
    }
    drag.current = null;
    if (phase === 'up' && current.text !== null) editor.set({ [current.column]: current.text });
  };
}

/** Arrows go from column to column and change a scale; Enter sets, Escape discards, Delete takes back. */
const keysOf = (editor: ScaleEditor) => (event: KeyboardEvent<HTMLElement>) => {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey) return;
  const { column, columns, edits } = editor;
  const next = columnAfter(key, column, columns);
  const value = scaleAfter(key, shiftKey, Number(scaleText(editor, column)));
  if (next !== null) editor.select(next);
  else if (value !== null && Number.isFinite(value)) editor.draft(column, textOf(value));
  else if (key === 'Enter') editor.set();
  else if (key === 'Delete') editor.takeBack(edits.filter((edit) => edit.column === column));
  else if (key === 'Escape' && !isBlank(editor)) editor.discard();
  else return;
  event.preventDefault();
  event.stopPropagation();
};

/** How pointer and keys edit the plot of scales. */
export function useScaleGestures(
  editor: ScaleEditor,
  low: number,
  high: number,
): Pick<PlotEdit, 'onPointer' | 'onKeyDown'> {
  return { onPointer: usePointer(editor, low, high), onKeyDown: keysOf(editor) };
}
