import { Button } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';
import { saveExport } from '../actions/exports';
import { useStudio, useStudioStore } from '../store/context';
import { brokenExport } from '../store/selectors';
import { tidy } from './format';

interface QuestionProps {
  readonly warning: string;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** The browser's own dialog keeps the focus inside. */
function Question({ warning, onConfirm, onCancel }: QuestionProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [title, text] = [useId(), useId()];
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      className="confirm"
      aria-labelledby={title}
      aria-describedby={text}
      onCancel={onCancel}
    >
      <h2 id={title}>Export this model?</h2>
      <p id={text}>{warning}</p>
      <div className="confirm-buttons">
        <Button size="xs" variant="default" onClick={onCancel}>
          Do not export
        </Button>
        <Button size="xs" onClick={onConfirm}>
          Export anyway
        </Button>
      </div>
    </dialog>
  );
}

/** Asks before weights are saved that compute something else. */
export function ExportConfirm() {
  const store = useStudioStore();
  const asked = useStudio((studio) => studio.askedExport);
  const warning = useStudio(brokenExport);
  if (asked === null || warning === null) return null;
  return (
    <Question
      warning={tidy(warning)}
      onCancel={() => store.getState().askExport(null)}
      onConfirm={() => {
        store.getState().acceptWarning(warning);
        void saveExport(store.getState(), asked);
      }}
    />
  );
}
