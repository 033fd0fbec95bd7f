import { OverlayDialog } from '../overlays/OverlayDialog';
import { DataWays, FromElsewhere, FromPyTorch } from './ModelWays';

/** What the first page says, while a model is open. */
export function WaysDialog() {
  return (
    <OverlayDialog title="How to bring a model" className="ways" bodyLabel="Ways">
      <FromPyTorch />
      <FromElsewhere />
      <DataWays />
    </OverlayDialog>
  );
}
