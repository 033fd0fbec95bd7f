import { useEffect, useMemo, useState } from 'react';
import type { NodeDetails, ScaleEdit } from '../../src/index';
import { roundScale } from '../plots/scaleGestures';
import { editsOf } from '../store/byHand';
import { useStudio, useStudioStore } from '../store/context';
import {
  blankEntry,
  type Drafts,
  draftScale,
  isElsewhere,
  type ScaleEntry,
  selectColumn,
  typeColumn,
  withDrafts,
  withoutRejected,
} from '../store/scaleEntry';

export interface ScaleEditor extends ScaleEntry {
  readonly columns: number;
  /** Of each column, as it is now: those set by hand are in. */
  readonly scale: Float32Array;
  readonly edits: readonly ScaleEdit[];

  select(column: number): void;
  /** The text of the field of columns, be it a column or not. */
  typeColumn(text: string): void;
  draft(column: number, text: string): void;
  discard(): void;
  /** Sets all drafts, these among them; the layer's figures follow. */
  set(more?: Drafts): void;
  takeBack(edits: readonly ScaleEdit[]): void;
}

const BUSY = 'Wait for the job that is running, or cancel it; what you entered stays.';

/** What a column's scale is in the form and to the keys: the draft where there is one. */
export const scaleText = ({ drafts, scale }: ScaleEditor, column: number): string =>
  drafts[column] ?? String(roundScale(scale[column] ?? 1));

function useScale({ name, scale, scaleEdits }: NodeDetails, columns: number) {
  const scales = useStudio((studio) => studio.settings.byHand.scales);
  const edits = useMemo(() => editsOf({ name, scaleEdits }, scales), [name, scaleEdits, scales]);
  const shown = useMemo(() => {
    const values = scale === null ? new Float32Array(columns).fill(1) : Float32Array.from(scale);
    for (const { column, value } of edits) if (column < columns) values[column] = value;
    return values;
  }, [scale, columns, edits]);
  return { edits, scale: shown };
}

/**
 * What is entered, at the column that is chosen in a plot until another is gone to here. What was rejected does not outlive
 * a change of the settings or a way through the history.
 */
function useEntry(columns: number) {
  const store = useStudioStore();
  const chosen = useStudio((studio) => studio.column);
  const [entry, setEntry] = useState(() => blankEntry(chosen ?? 0));
  useEffect(() => {
    if (chosen !== null && chosen < columns) setEntry((before) => selectColumn(before, chosen));
  }, [chosen, columns]);
  useEffect(
    () =>
      store.subscribe((now, before) => {
        if (isElsewhere(now, before)) setEntry((entered) => withoutRejected(entered));
      }),
    [store],
  );
  return [entry, setEntry] as const;
}

/** The state of the editor of one layer's scales. */
export function useScaleEditor(details: NodeDetails, columns: number): ScaleEditor {
  const store = useStudioStore();
  const { edits, scale } = useScale(details, columns);
  const [entry, setEntry] = useEntry(columns);
  const isBusy = () => {
    const { job } = store.getState();
    setEntry((before) => ({ ...before, refusal: job === null ? null : BUSY }));
    return job !== null;
  };
  return {
    ...entry,
    columns,
    scale,
    edits,
    select: (column) => setEntry((before) => selectColumn(before, column)),
    typeColumn: (text) => setEntry((before) => typeColumn(before, text, columns)),
    draft: (at, text) => setEntry((before) => draftScale(before, at, text)),
    discard: () => setEntry((before) => blankEntry(before.column)),
    set: (more = {}) => {
      const entered = withDrafts(entry, more);
      const all = Object.entries(entered.drafts);
      setEntry(entered);
      if (entered.refusal !== null || all.length === 0 || isBusy()) return;
      setEntry((before) => blankEntry(before.column));
      const scales = Object.fromEntries(all.map(([at, text]) => [at, Number(text)]));
      void store.getState().setScales(details.name, scales);
    },
    takeBack: (gone) => {
      if (!isBusy()) void store.getState().takeBackScales(gone);
    },
  };
}
