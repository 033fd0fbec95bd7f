import type uPlot from 'uplot';

/** What a plot draws, before it has a size or colours. */
export interface PlotSpec {
  /** x values first, then the series. A missing value is NaN or null and is drawn as a gap. */
  readonly data: uPlot.AlignedData;
  readonly x: AxisSpec;
  readonly y: AxisSpec;
  /** Draws the marks inside the plot's box, in canvas pixels. */
  readonly draw: (plot: uPlot, colours: PlotColours) => void;
  /** One line about the mark under the pointer. */
  readonly describe: (index: number) => string;
}
export interface AxisSpec {
  /** What the axis counts: `column`. */
  readonly title: string;
  readonly range: readonly [number, number];
  readonly format: (value: number) => string;
  /** Where the axis has its labels; without it uPlot chooses. */
  readonly splits?: readonly number[];
}
/** Draws over the spec's marks what changes while the plot stands: under the pointer, by keys. */
export type Overlay = (plot: uPlot, colours: PlotColours) => void;

export interface PlotColours {
  readonly before: string;
  readonly after: string;
  /** What the user set. */
  readonly hand: string;
  readonly axis: string;
  readonly grid: string;
}

/** The theme's colours now. Canvas does not know CSS variables, so they are read when drawing. */
export function plotColours(element: Element): PlotColours {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    before: token('--plot-before'),
    after: token('--plot-after'),
    hand: token('--chg'),
    axis: token('--dim'),
    grid: token('--line'),
  };
}

/** The least and the largest finite value; null when there is none. */
export function finiteExtent(arrays: readonly ArrayLike<number>[]): readonly [number, number] | null {
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
export function padded([least, most]: readonly [number, number], share: number): readonly [number, number] {
  const room = (most - least) * share || Math.abs(most) * 0.1 || 1;
  return [least - room, most + room];
}
