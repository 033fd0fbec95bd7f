import type { Arranging } from './useArranged';

interface LayoutWaitProps {
  readonly arranging: Arranging;
  readonly nodes: number;
  readonly onCancel: () => void;
}

/** While a layout takes long: what is under way, and how to end it. Where nothing is drawn after that, how to begin again. */
export function LayoutWait({ arranging, nodes, onCancel }: LayoutWaitProps) {
  const { state, arranged, again } = arranging;
  if (state === 'slow')
    return (
      <div className="layout-wait" aria-live="polite">
        <span className="layout-pulse" aria-hidden />
        Laying out {nodes} nodes…
        <button type="button" onClick={onCancel}>
          Cancel layout
        </button>
      </div>
    );
  if (state !== 'cancelled' || arranged !== null) return null;
  return (
    <div className="layout-wait" aria-live="polite">
      The layout was cancelled.
      <button type="button" onClick={again}>
        Lay out again
      </button>
    </div>
  );
}
