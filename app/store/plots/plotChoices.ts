import type { PlotKind, PlotOrder } from '../studio';
import type { Choice } from '../vocabulary';

/*
 * What can be chosen in the tab Plots, in the page's words: for its bar and for the command palette.
 */

const choice = <T extends string>(value: T, label: string, title: string): Choice<T> => ({
  value,
  label,
  title,
  available: true,
});

export const PLOT_CHOICES: readonly Choice<PlotKind>[] = [
  choice(
    'input',
    'Input ranges',
    'Minimum and maximum of each column of what the node reads, before and after',
  ),
  choice('input-histogram', 'Input ranges, histogram', 'How many columns have which range'),
  choice(
    'weight',
    'Weight ranges',
    'Minimum and maximum of each input column of the weight, before and after',
  ),
  choice('weight-histogram', 'Weight ranges, histogram', 'How many columns of the weight have which range'),
  choice('scale', 'Equalization scale', 'The scale of each column'),
  choice('values', 'Values and grid', 'How the values of a tensor are spread, with its quantization grid'),
  choice('heat', 'Weight heat map', 'The weight as a picture, before, after, and the difference'),
  choice('sqnr', 'SQNR by layer', 'How far int8 moves each layer’s output, plain and equalized'),
];

/** What can be sorted, and by what; a kind without a list has an order of its own. */
const SORTS: Readonly<Partial<Record<PlotKind, readonly Choice<PlotOrder>[]>>> = {
  input: [
    choice('order', 'by column', 'As the columns stand in the tensor'),
    choice('range', 'by range', 'The widest first, before equalization'),
    choice(
      'gain',
      'by gain',
      'First the columns that fill more of the grid after equalization than before, in bits',
    ),
  ],
  scale: [
    choice('order', 'by column', 'As the columns stand in the tensor'),
    choice('range', 'by scale', 'The largest scale first'),
    choice('gain', 'by distance from 1', 'First the columns that equalization changes most'),
  ],
  sqnr: [
    choice('order', 'by layer', 'In graph order'),
    choice('range', 'by SQNR', 'The highest plain SQNR first'),
    choice('gain', 'by gain', 'First the layers that equalization gains most'),
  ],
};
export const sortsOf = (kind: PlotKind): readonly Choice<PlotOrder>[] =>
  SORTS[kind === 'weight' ? 'input' : kind] ?? [];

const WITHOUT_LOG: readonly PlotKind[] = ['sqnr', 'heat'];
export const hasLog = (kind: PlotKind): boolean => !WITHOUT_LOG.includes(kind);

export const PLOT_FORMATS = ['png', 'svg', 'csv'] as const;
export type PlotFormat = (typeof PLOT_FORMATS)[number];

export const PLOT_FORMAT_LABELS: { readonly [F in PlotFormat]: string } = {
  png: 'Picture (.png)',
  svg: 'Drawing (.svg)',
  csv: 'Table (.csv)',
};
