import { useEffect, useMemo, useState } from 'react';
import type { NodeDetails, ScaleEdit } from '../../src/index';
import { roundScale } from '../plots/scaleGestures';
import { editsOf, scaleProblem } from '../store/byHand';
import { useStudio, useStudioStore } from '../store/context';

/** Scales that are typed, dragged or stepped to and not set yet, as texts: what is no number stays typed. */
type Drafts = Readonly<Record<number, string>>;

export interface ScaleEditor {
  readonly columns: number;
  /** Of each column, as it is now: those set by hand are in. */
  readonly scale: Float32Array;
  readonly edits: readonly ScaleEdit[];
  /** The selected column. */
  readonly column: number;
  readonly drafts: Drafts;
  /** Why the last wish to set was not followed; null when it was. */
  readonly refusal: string | null;

  select(column: number): void;
  draft(column: number, text: string): void;
  discard(): void;
  /** Sets all drafts, these among them; the layer's figures follow. */
  set(more?: Drafts): void;
  takeBack(edits: readonly ScaleEdit[]): void;
}

/** The drafts that are scales; the same object where all are. */
function rightOf(drafts: Drafts): Drafts {
  const right = Object.entries(drafts).filter(([, text]) => scaleProblem(text) === null);
  return right.length === Object.keys(drafts).length ? drafts : Object.fromEntries(right);
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

/** The column to be edited: the one that is chosen in a plot, until another is gone to here. */
function useColumn(columns: number) {
  const chosen = useStudio((studio) => studio.column);
  const [column, setColumn] = useState(chosen ?? 0);
  useEffect(() => {
    if (chosen !== null && chosen < columns) setColumn(chosen);
  }, [chosen, columns]);
  return [column, setColumn] as const;
}

/** The state of the editor of one layer's scales. */
export function useScaleEditor(details: NodeDetails, columns: number): ScaleEditor {
  const store = useStudioStore();
  const { edits, scale } = useScale(details, columns);
  const [column, setColumn] = useColumn(columns);
  const [drafts, setDrafts] = useState<Drafts>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  // Undone, done again or taken back: what was refused before is of the past, what was typed well still waits.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the edits are what it is about
  useEffect(() => {
    setDrafts(rightOf);
    setRefusal(null);
  }, [edits]);
  const isBusy = () => {
    const { job } = store.getState();
    setRefusal(job === null ? null : BUSY);
    return job !== null;
  };
  return {
    columns,
    scale,
    edits,
    column,
    drafts,
    refusal,
    select: setColumn,
    draft: (at, text) => {
      setRefusal(null);
      setDrafts((before) => ({ ...before, [at]: text }));
    },
    discard: () => {
      setRefusal(null);
      setDrafts({});
    },
    set: (more = {}) => {
      const all = Object.entries({ ...drafts, ...more });
      const wrong = all.find(([, text]) => scaleProblem(text) !== null);
      setDrafts(Object.fromEntries(all));
      if (wrong !== undefined) {
        setColumn(Number(wrong[0]));
        setRefusal(`Column ${wrong[0]}: ${scaleProblem(wrong[1])}`);
      } else if (all.length > 0 && !isBusy()) {
        setDrafts({});
        const scales = Object.fromEntries(all.map(([at, text]) => [at, Number(text)]));
        void store.getState().setScales(details.name, scales);
      }
    },
    takeBack: (gone) => {
      if (!isBusy()) void store.getState().takeBackScales(gone);
    },
  };
}
