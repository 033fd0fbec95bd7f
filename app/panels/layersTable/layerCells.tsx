import type { ReactNode } from 'react';
import type { LayerRow } from '../../store/layersTable/layerRow';
import type { LayerColumn } from '../../store/studio';
import { DecisionTag } from '../DecisionTag';
import { formatDb, formatGain, formatRatio, gainTone, tidy } from '../format';
import { LayerQConfig } from '../LayerQConfig';
import { LAYER_SQNR, LAYER_SQNR_TITLE, RATIO_TITLE, shortType } from '../words';
import { LayerChoice } from './LayerChoice';
import { LayerLink } from './LayerLink';
import { LayerMethod } from './LayerMethod';

/** How one column of the layers table looks. */
export interface LayerCells {
  readonly title: string;
  /** In the list of columns, where the title needs its context. */
  readonly longTitle?: string;
  readonly hint?: string;
  /** The term of the glossary that the title is, or holds. */
  readonly term?: string;
  readonly isText?: boolean;
  readonly className?: (row: LayerRow) => string;
  /** The whole text where the cell may cut it. */
  readonly full?: (row: LayerRow) => string;
  readonly cell: (row: LayerRow) => ReactNode;
}

const beforeAfter = (ratio: readonly [number, number | null] | null): string => {
  if (ratio === null) return '—';
  const [before, after] = ratio;
  return after === null ? formatRatio(before) : `${formatRatio(before)} → ${formatRatio(after)}`;
};

const words = (
  title: string,
  hint: string,
  textOf: (row: LayerRow) => string,
  term?: string,
): LayerCells => ({
  title,
  hint,
  ...(term === undefined ? {} : { term }),
  isText: true,
  className: () => 'words',
  full: textOf,
  cell: (row) => textOf(row) || '—',
});

const whyOf = ({ layer: { rule, reason } }: LayerRow): string =>
  rule === null ? tidy(reason) : `${rule}. ${tidy(reason)}`;

const FIGURES: Pick<
  { readonly [C in LayerColumn]: LayerCells },
  'input' | 'weight' | 'plain' | 'equalized' | 'gain'
> = {
  input: {
    title: 'input ratio',
    term: 'ratio',
    hint: `Before → after; sorts by before. ${RATIO_TITLE}`,
    full: ({ layer }) => beforeAfter(layer.inputRatio),
    cell: ({ layer }) => beforeAfter(layer.inputRatio),
  },
  weight: {
    title: 'weight ratio',
    term: 'ratio',
    hint: `Before → after; sorts by before. ${RATIO_TITLE}`,
    full: ({ layer }) => beforeAfter(layer.weightRatio),
    cell: ({ layer }) => beforeAfter(layer.weightRatio),
  },
  plain: {
    title: 'int8, dB',
    longTitle: 'SQNR of plain int8, dB',
    term: 'sqnr',
    hint: `${LAYER_SQNR}, int8 without equalization. ${LAYER_SQNR_TITLE}`,
    cell: ({ layer }) => formatDb(layer.sqnr.plain),
  },
  equalized: {
    title: 'equalized',
    longTitle: 'SQNR of int8 equalized, dB',
    term: 'sqnr',
    hint: `${LAYER_SQNR}, int8 equalized. ${LAYER_SQNR_TITLE}`,
    cell: ({ layer }) => formatDb(layer.sqnr.equalized),
  },
  gain: {
    title: 'gain',
    longTitle: 'SQNR gain, dB',
    term: 'gain',
    hint: `${LAYER_SQNR}: int8 equalized against int8. ${LAYER_SQNR_TITLE}`,
    className: ({ layer }) => gainTone(layer.sqnr),
    cell: ({ layer }) => formatGain(layer.sqnr.plain, layer.sqnr.equalized),
  },
};

export const LAYER_CELLS: { readonly [C in LayerColumn]: LayerCells } = {
  name: { title: 'layer', isText: true, cell: ({ layer }) => <LayerLink layer={layer.name} /> },
  type: words('type', 'Its module or function', ({ layer }) => shortType(layer.type)),
  shape: {
    title: 'shape',
    hint: 'Of the weight: out × in (of one group) × kernel; sorts by the number of weights',
    full: ({ layer }) => `${layer.shape} · ${layer.type}`,
    cell: ({ layer }) => layer.shape,
  },
  equalize: {
    title: 'equalize',
    term: 'selection',
    hint: 'Whether its input and weight are to be balanced',
    isText: true,
    className: () => 'equalize',
    cell: ({ layer }) => <LayerChoice layer={layer} />,
  },
  qconfig: {
    title: 'quantize as',
    term: 'qconfig',
    hint: 'Its own qconfig, where it has one',
    isText: true,
    className: () => 'qconfig',
    cell: ({ layer }) => <LayerQConfig layer={layer.name} type={layer.type} />,
  },
  method: {
    title: 'method',
    term: 'method',
    hint: 'Its own method, where it has one. Layers of one region follow one method',
    isText: true,
    className: () => 'qconfig',
    cell: ({ layer, method }) => <LayerMethod layer={layer.name} method={method} />,
  },
  decision: {
    title: 'decision',
    term: 'fold',
    hint: 'fold: the layer before takes the scale; mul: a multiplication does; skip: left as it is',
    isText: true,
    cell: ({ layer }) => (layer.decision === null ? '—' : <DecisionTag decision={layer.decision} />),
  },
  rule: words('rule', 'What made its scale', ({ layer }) => layer.rule ?? '', 'equalization-scale'),
  reason: words('reason', 'Why it was equalized so, or left alone', whyOf),
  region: words(
    'region',
    'The other layers that follow the same method',
    ({ layer }) => layer.region.join(', '),
    'region',
  ),
  ...FIGURES,
};
