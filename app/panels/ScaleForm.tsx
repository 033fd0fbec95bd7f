import { Button, TextInput } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { columnProblem, scaleProblem } from '../store/byHand';
import { useStudio } from '../store/context';
import { type ScaleEditor, scaleText } from './useScaleEditor';

/** A text that is no column; null where the selected one stands. */
interface ColumnText {
  readonly typed: string | null;
}
interface FieldProps {
  readonly editor: ScaleEditor;
  readonly describedBy: string;
}
interface ColumnFieldProps extends FieldProps, ColumnText {
  setTyped(text: string | null): void;
}
interface MessageProps extends ColumnText {
  readonly editor: ScaleEditor;
  readonly id: string;
}

/** The column as a number; what is no column stays typed and says what is one. */
function ColumnField({ editor, describedBy, typed, setTyped }: ColumnFieldProps) {
  const { column, columns, select } = editor;
  return (
    <TextInput
      type="number"
      size="xs"
      label="Column"
      min={0}
      max={columns - 1}
      value={typed ?? String(column)}
      error={typed !== null}
      aria-describedby={describedBy}
      onChange={(event) => {
        const text = event.currentTarget.value;
        const isColumn = columnProblem(text, columns) === null;
        setTyped(isColumn ? null : text);
        if (isColumn) select(Number(text));
      }}
    />
  );
}

/** Without a column there is nothing to enter a scale for. */
function ScaleField({ editor, describedBy, typed: wrongColumn }: FieldProps & ColumnText) {
  const { column, drafts, draft } = editor;
  const typed = drafts[column];
  return (
    <TextInput
      size="xs"
      label="Scale"
      inputMode="decimal"
      autoComplete="off"
      value={wrongColumn === null ? scaleText(editor, column) : ''}
      readOnly={wrongColumn !== null}
      error={typed !== undefined && scaleProblem(typed) !== null}
      aria-describedby={describedBy}
      onChange={(event) => draft(column, event.currentTarget.value)}
    />
  );
}

const HINT = 'Drag a mark, or ← → ↑ ↓ and Enter in the plot.';

/** What stands under the fields: a refusal, what is wrong, or what is not set yet. */
function Message({ editor, typed: wrongColumn, id }: MessageProps) {
  const { drafts, refusal, column, columns } = editor;
  const typed = drafts[column];
  const wrong =
    (wrongColumn === null ? null : columnProblem(wrongColumn, columns)) ??
    refusal ??
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

/** Never `disabled`: the focus stays on it when the scale is taken back. */
function TakeBack({ editor: { column, edits, takeBack }, typed }: ColumnText & { editor: ScaleEditor }) {
  const own = typed === null ? edits.filter((edit) => edit.column === column) : [];
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

/** A text that is no column, until another column is gone to or the scales by hand are others. */
function useWrongColumn(column: number, edits: ScaleEditor['edits']) {
  const [typed, setTyped] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a text of before says nothing of these
  useEffect(() => setTyped(null), [column, edits]);
  return [typed, setTyped] as const;
}

/** One column's scale in numbers, for what a pointer is too coarse for. */
export function ScaleForm({ layer, editor }: { layer: string; editor: ScaleEditor }) {
  const busy = useStudio((studio) => studio.job !== null);
  const { column, edits } = editor;
  const [typed, setTyped] = useWrongColumn(column, edits);
  const message = useId();
  return (
    <form
      className="scale-form"
      {...(typed === null ? {} : { 'data-drafts': true })}
      aria-label={`Scales of ${layer} in numbers`}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === null) editor.set({ [column]: scaleText(editor, column) });
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || (typed === null && Object.keys(editor.drafts).length === 0)) return;
        event.stopPropagation();
        setTyped(null);
        editor.discard();
      }}
    >
      <ColumnField editor={editor} describedBy={message} typed={typed} setTyped={setTyped} />
      <ScaleField editor={editor} describedBy={message} typed={typed} />
      <Button type="submit" size="xs" variant="default" aria-disabled={busy || typed !== null}>
        Set
      </Button>
      <TakeBack editor={editor} typed={typed} />
      <Message editor={editor} typed={typed} id={message} />
    </form>
  );
}
