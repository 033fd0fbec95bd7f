import type { ReactNode } from 'react';
import { useStudio } from '../store/context';
import { DialogHead } from './DialogHead';
import { PageDialog } from './PageDialog';

interface OverlayDialogProps {
  readonly title: string;
  readonly className?: string;
  /** Beside the title. */
  readonly head?: ReactNode;
  /** The accessible name of the part that scrolls. */
  readonly bodyLabel: string;
  readonly bodyClass?: string;
  readonly children: ReactNode;
  /** Under what scrolls. */
  readonly foot?: ReactNode;
}

/** A dialog with a title, a part that scrolls, and perhaps a foot. */
export function OverlayDialog(props: OverlayDialogProps) {
  const { title, className = '', head, bodyLabel, bodyClass = '', children, foot } = props;
  const show = useStudio((studio) => studio.showOverlay);
  const close = () => show(null);
  return (
    <PageDialog label={title} className={className} onClose={close}>
      <DialogHead title={title} onClose={close}>
        {head}
      </DialogHead>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus to be scrolled by keys */}
      <section className={`dialog-body ${bodyClass}`} tabIndex={0} aria-label={bodyLabel}>
        {children}
      </section>
      {foot !== undefined && <div className="dialog-foot">{foot}</div>}
    </PageDialog>
  );
}
