import type { LayerColumn, LayerFilter } from '../slices/layersTable';
import type { Order, SortKey } from '../sortRows';
import { gainOf, isLosing, type LayerRow, shortTypeOf } from './layerRow';

/** One column of the layers table, without its looks. */
export interface LayerColumnSpec {
  /** By what the column sorts; null is not known and comes last. */
  readonly key: (row: LayerRow) => SortKey;
  /** Which way the first press sorts. */
  readonly first: Order['direction'];
  /** Pixels; a column that grows has at least these. */
  readonly width: number;
  /** Whether a row passes the filter's part that this column answers for. */
  readonly passes?: (row: LayerRow, filter: LayerFilter) => boolean;
}

const text = (key: (row: LayerRow) => SortKey, width: number): LayerColumnSpec => ({
  key,
  width,
  first: 'ascending',
});
const figure = (key: (row: LayerRow) => number | null, width: number): LayerColumnSpec => ({
  key,
  width,
  first: 'descending',
});

const elements = ({ layer }: LayerRow): number =>
  layer.shape.split('×').reduce((product, size) => product * Number(size), 1);

/** The figure that the filter `below` looks at. */
const int8Sqnr = ({ layer: { sqnr } }: LayerRow): number | null => sqnr.equalized ?? sqnr.plain;

export const LAYER_COLUMN_SPECS: { readonly [C in LayerColumn]: LayerColumnSpec } = {
  name: text(({ layer }) => layer.name, 84),
  type: {
    ...text(({ layer }) => shortTypeOf(layer.type), 92),
    passes: ({ layer }, { type }) => type === null || layer.type === type,
  },
  shape: figure(elements, 78),
  equalize: {
    ...text(({ equalize }) => (equalize ? 0 : 1), 68),
    passes: (row, { equalize }) => equalize === null || row.equalize === (equalize === 'on'),
  },
  qconfig: text(({ qconfig }) => qconfig, 106),
  method: text(({ method }) => method, 108),
  decision: {
    ...text(({ layer }) => layer.decision, 70),
    passes: ({ layer }, { decision }) => decision === null || (layer.decision ?? 'open') === decision,
  },
  rule: text(({ layer }) => layer.rule, 150),
  reason: text(({ layer }) => layer.reason || null, 60),
  region: text(({ layer }) => (layer.region.length === 0 ? null : layer.region.join(', ')), 150),
  input: figure(({ layer }) => layer.inputRatio?.[0] ?? null, 100),
  weight: figure(({ layer }) => layer.weightRatio?.[0] ?? null, 100),
  plain: { ...figure(({ layer }) => layer.sqnr.plain, 64), first: 'ascending' },
  equalized: {
    ...figure(({ layer }) => layer.sqnr.equalized, 74),
    first: 'ascending',
    passes: (row, { below }) => below === null || (int8Sqnr(row) ?? Number.POSITIVE_INFINITY) < below,
  },
  gain: {
    ...figure(({ layer }) => gainOf(layer), 80),
    passes: ({ layer }, { losing }) => !losing || isLosing(layer),
  },
};

/** Those that are shown until the user chooses others. */
export const FIRST_LAYER_COLUMNS: readonly LayerColumn[] = [
  'name',
  'shape',
  'equalize',
  'qconfig',
  'decision',
  'reason',
  'input',
  'weight',
  'plain',
  'equalized',
  'gain',
];

/** Whether every word stands somewhere in the row's words. */
export function hasWords({ layer }: LayerRow, wanted: string): boolean {
  const words = [layer.name, layer.type, layer.rule ?? '', layer.reason].join(' ').toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}
