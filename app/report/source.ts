import type { NodeDetails } from '../../src/index';
import type { Studio } from '../store/studio';

/** What a report is made of: what the page knows, and the column ranges of the layers that it shows closely. */
export interface ReportSource extends Pick<Studio, 'view' | 'settings' | 'backend' | 'compared'> {
  readonly details: readonly NodeDetails[];
  readonly version: string;
  readonly date: Date;
}

/** Layers whose ranges are drawn. */
const CLOSELY = 6;

/** The layers that int8 hurts most after all, those not measured last. */
export function worstLayers({ view }: Pick<Studio, 'view'>): readonly string[] {
  const last = ({ sqnr: { plain, equalized } }: Studio['view']['layers'][number]) =>
    equalized ?? plain ?? Number.POSITIVE_INFINITY;
  return view.layers
    .toSorted((a, b) => (last(a) === last(b) ? 0 : last(a) - last(b)))
    .slice(0, CLOSELY)
    .map(({ name }) => name);
}
