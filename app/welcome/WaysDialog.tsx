import { DialogHead } from '../overlays/DialogHead';
import { PageDialog } from '../overlays/PageDialog';
import { useStudio } from '../store/context';
import { DataWays, FromElsewhere, FromPyTorch } from './ModelWays';

/** What the first page says, while a model is open. */
export function WaysDialog() {
  const show = useStudio((studio) => studio.showOverlay);
  const close = () => show(null);
  return (
    <PageDialog label="How to bring a model" className="ways" onClose={close}>
      <DialogHead title="How to bring a model" onClose={close} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus to be scrolled by keys */}
      <section className="dialog-body" tabIndex={0} aria-label="Ways">
        <FromPyTorch />
        <FromElsewhere />
        <DataWays />
      </section>
    </PageDialog>
  );
}
