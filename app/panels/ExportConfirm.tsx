import { Button } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';

interface ExportConfirmProps {
  readonly warning: string;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Asks before weights are saved that compute something else. The browser's own dialog keeps the focus inside. */
export function ExportConfirm({ warning, onConfirm, onCancel }: ExportConfirmProps) {
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
