import { Button, TextInput } from '@mantine/core';
import { useId } from 'react';
import { columnProblem, scaleProblem } from '../store/byHand';
import { useStudio } from '../store/context';
import { isBlank } from '../store/scaleEntry';
import { type ScaleEditor, scaleText } from './useScaleEditor';

interface FieldProps {
  readonly editor: ScaleEditor;
  readonly describedBy: string;
}

/** The column as a number; what is no column stays typed and says what is one. */
function ColumnField({ editor, describedBy }: FieldProps) {
  const { column, columns, typedColumn, typeColumn } = editor;
  return (
    <TextInput
      type="number"
      size="xs"
      label="Column"
      min={0}
      max={columns - 1}
      value={typedColumn ?? String(column)}
      error={typedColumn !== null}
      aria-describedby={describedBy}
      onChange={(event) => typeColumn(event.currentTarget.value)}
    />
  );
}

/** Without a column there is nothing to enter a scale for. */
function ScaleField({ editor, describedBy }: FieldProps) {
  const { column, typedColumn, drafts, draft } = editor;
  const typed = drafts[column];
  return (
    <TextInput
      size="xs"
      label="Scale"
      inputMode="decimal"
      autoComplete="off"
      value={typedColumn === null ? scaleText(editor, column) : ''}
      readOnly={typedColumn !== null}
      error={typed !== undefined && scaleProblem(typed) !== null}
      aria-describedby={describedBy}
      onChange={(event) => draft(column, event.currentTarget.value)}
    />
  );
}

const HINT = 'Drag a mark, or ← → ↑ ↓ and Enter in the plot.';

/** What stands under the fields: a refusal, what is wrong, or what is not set yet. */
function Message({ editor, id }: { editor: ScaleEditor; id: string }) {
  const { typedColumn, drafts, refusal, column, columns } = editor;
  const typed = drafts[column];
  const wrong =
    // Newer than whatever is typed.
    refusal ??
    (typedColumn === null ? null : columnProblem(typedColumn, columns)) ??
    (typed === undefined ? null : scaleProblem(typed));
  const waiting = Object.keys(drafts);
  return (
    <p
      id={id}
      className={wrong === null ? 'scale-message' : 'scale-message wrong'}
      {...(refusal && { role: 'alert' })}
    >
      {wrong ??
        (waiting.length === 0
          ? HINT
          : `Not set yet: ${waiting.length === 1 ? 'column' : 'columns'} ${waiting.join(', ')}.`)}
    </p>
  );
}

/** Never `disabled`: the focus stays on it when the scale is taken back. What is no column has nothing to take back. */
function TakeBack({ editor: { column, typedColumn, edits, takeBack } }: { editor: ScaleEditor }) {
  const own = typedColumn === null ? edits.filter((edit) => edit.column === column) : [];
  return (
    <Button
      size="xs"
      variant="default"
      aria-disabled={own.length === 0}
      {...(own.length === 0 ? { 'data-disabled': true } : {})}
      onClick={() => {
        if (own.length > 0) takeBack(own);
      }}
    >
      Take back
    </Button>
  );
}

/** One column's scale in numbers, for what a pointer is too coarse for. */
export function ScaleForm({ layer, editor }: { layer: string; editor: ScaleEditor }) {
  const busy = useStudio((studio) => studio.job !== null);
  const message = useId();
  const { column, typedColumn } = editor;
  return (
    <form
      className="scale-form"
      aria-label={`Scales of ${layer} in numbers`}
      onSubmit={(event) => {
        event.preventDefault();
        if (typedColumn === null) editor.set({ [column]: scaleText(editor, column) });
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || isBlank(editor)) return;
        event.stopPropagation();
        editor.discard();
      }}
    >
      <ColumnField editor={editor} describedBy={message} />
      <ScaleField editor={editor} describedBy={message} />
      <Button type="submit" size="xs" variant="default" aria-disabled={busy || typedColumn !== null}>
        Set
      </Button>
      <TakeBack editor={editor} />
      <Message editor={editor} id={message} />
    </form>
  );
}
