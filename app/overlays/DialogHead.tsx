import { CloseButton } from '@mantine/core';
import type { ReactNode } from 'react';

/** A dialog's title and its button to close it. */
export function DialogHead(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}) {
  const { title, onClose, children } = props;
  return (
    <div className="dialog-head">
      <h2>{title}</h2>
      {children}
      <CloseButton aria-label="Close" onClick={onClose} />
    </div>
  );
}
