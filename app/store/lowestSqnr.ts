import { plainRun } from './finishedRuns';
import type { Studio } from './studio';

export interface MeasuredLayer {
  readonly name: string;
  /** dB: the layer's output in int8 without equalization against float. */
  readonly sqnr: number;
}

/**
 * The layers from the lowest SQNR up, ties in graph order; none until Convert has measured them under these settings
 * (torch/ao/quantization/fx/_equalize.py, `get_equalization_qconfig_dict`, takes the first so many).
 */
export function layersBySqnr({
  runs,
  settings,
  view,
}: Pick<Studio, 'runs' | 'settings' | 'view'>): readonly MeasuredLayer[] {
  const run = plainRun(runs, settings, view.calibration?.source);
  const measured = run?.layers.flatMap(({ name, plainSqnr }) =>
    plainSqnr === null ? [] : [{ name, sqnr: plainSqnr }],
  );
  // NaN stands for a layer that int8 breaks altogether: nothing is lower.
  const rank = ({ sqnr }: MeasuredLayer) => (Number.isNaN(sqnr) ? Number.NEGATIVE_INFINITY : sqnr);
  const order = (one: MeasuredLayer, other: MeasuredLayer) =>
    rank(one) === rank(other) ? 0 : rank(one) - rank(other);
  return (measured ?? []).toSorted(order);
}
