import type uPlot from 'uplot';
import type { Extent, Frame, Picture, PlotColours } from './picture';

export type { AxisSpec, PlotColours } from './picture';

/** A small plot of the inspector: a picture with what uPlot needs to follow the pointer. */
export interface PlotSpec extends Picture {
  /** x values first, then the series. A missing value is NaN or null and is drawn as a gap. */
  readonly data: uPlot.AlignedData;
  /** One line about the mark under the pointer. */
  readonly describe: (index: number) => string;
}
/** Draws over the spec's marks what changes while the plot stands: under the pointer, by keys. */
export type Overlay = (frame: Frame, colours: PlotColours) => void;

/** The least and the largest finite value; null when there is none. */
export function finiteExtent(arrays: readonly ArrayLike<number>[]): Extent | null {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const values of arrays)
    for (let index = 0; index < values.length; index++) {
      const value = values[index] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  return least <= most ? [least, most] : null;
}

/** Widens an extent by a share of itself, so that no mark touches the frame; a single value gets room too. */
export function padded([least, most]: Extent, share: number): Extent {
  const room = (most - least) * share || Math.abs(most) * 0.1 || 1;
  return [least - room, most + room];
}
