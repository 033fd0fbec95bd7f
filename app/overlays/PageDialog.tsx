import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface PageDialogProps {
  /** Its accessible name. */
  readonly label: string;
  readonly className?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * The browser's own modal dialog: the rest of the page is inert, Escape and a click beside it close it, and the focus
 * goes back to where it was.
 */
export function PageDialog({ label, className = '', onClose, children }: PageDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element?.open === false) element.showModal();
    // Before the element leaves the page, or the focus would be lost.
    return () => element?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does by the keyboard what a click beside the dialog does
    <dialog
      ref={dialog}
      className={`page-dialog ${className}`}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      {children}
    </dialog>
  );
}
