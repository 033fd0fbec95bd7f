import type { CsvField } from '../../panels/csv';
import type { LegendItem, Picture } from '../picture';

export const PLOT_SORTS = ['order', 'range', 'gain'] as const;
/** In the model's order, or the largest first: by range (of scales by scale, of layers by SQNR) or by what equalization gained. */
export type PlotSort = (typeof PLOT_SORTS)[number];

export interface ChartOptions {
  readonly log: boolean;
  readonly sort: PlotSort;
}

/** A picture with marks along x that can be pointed at, one by one, and saved as a table. */
export interface Chart extends Picture {
  readonly title: string;
  readonly legend: readonly LegendItem[];
  /** The chart in a few words: `ratio 48 → 3.2`. */
  readonly note: string;
  readonly noteTitle: string;
  readonly marks: number;
  /** Where a mark stands on x, and which stands nearest to a place. */
  readonly placeOf: (mark: number) => number;
  readonly markAt: (x: number) => number;
  readonly describe: (mark: number) => string;
  /** The node that a mark stands for. */
  readonly nodeOf?: (mark: number) => string | null;
  /** The column that a mark stands for, of the input or the weight of the node. */
  readonly columnOf?: (mark: number) => number;
  /** All that is drawn, in full precision; the first line names the columns. */
  readonly table: () => readonly (readonly CsvField[])[];
}

const wholeBetween = (value: number, last: number): number => Math.min(last, Math.max(0, Math.round(value)));

/** Marks that stand at 0, 1, 2, … */
export const countedMarks = (marks: number): Pick<Chart, 'marks' | 'placeOf' | 'markAt'> => ({
  marks,
  placeOf: (mark) => mark,
  markAt: (x) => wholeBetween(x, marks - 1),
});
