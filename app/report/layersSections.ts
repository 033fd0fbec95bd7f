import type { LayerView } from '../../src/index';
import { formatDb, formatGain, formatRatio, tidy } from '../panels/format';
import { shortType } from '../panels/words';
import { layerSqnrPlot } from '../plots/layerSqnrPlot';
import { rangePlot } from '../plots/rangePlot';
import { grouped } from '../store/counting';
import type { LayerRow } from '../store/layersTable/layerRow';
import { layerRows } from '../store/layersTable/layerRow';
import { type Block, column, figures, type ReportFigure, type Section, sectionOf } from './document';
import { ratioPicture } from './ratioPicture';
import type { ReportSource } from './source';

const SIZE = { width: 960, height: 240 } as const;
const PAIR = { width: 960, height: 200 } as const;

const beforeAfter = (ratio: LayerView['inputRatio']): string => {
  if (ratio === null) return '—';
  return ratio[1] === null ? formatRatio(ratio[0]) : `${formatRatio(ratio[0])} → ${formatRatio(ratio[1])}`;
};

function whyOf({ rule, reason }: LayerView): string {
  const words = rule === null ? tidy(reason) : `${rule}. ${tidy(reason)}`;
  return words === '' ? '—' : words;
}

const choiceCells = ({ layer, equalize, qconfig }: LayerRow): readonly string[] => [
  layer.name,
  equalize ? 'yes' : 'no',
  qconfig === 'global' ? 'as global' : qconfig === 'none' ? 'float' : qconfig,
  layer.decision ?? '—',
  whyOf(layer),
];

const figureCells = ({ layer }: LayerRow): readonly string[] => [
  layer.name,
  shortType(layer.type),
  layer.shape,
  layer.decision ?? '—',
  beforeAfter(layer.inputRatio),
  beforeAfter(layer.weightRatio),
  formatDb(layer.sqnr.plain),
  formatDb(layer.sqnr.equalized),
  formatGain(layer.sqnr.plain, layer.sqnr.equalized),
];

function sqnrFigure(layers: readonly LayerView[]): readonly ReportFigure[] {
  const plot = layerSqnrPlot(layers.map(({ name, sqnr }) => ({ name, ...sqnr })));
  if (plot === null) return [];
  return [
    {
      kind: 'figure',
      caption: 'SQNR at each layer’s output in graph order: plain int8 (ring) and int8 equalized (disc).',
      pictures: [{ ...plot, title: 'SQNR by layer' }],
      size: SIZE,
    },
  ];
}

function ratioFigure(layers: readonly LayerView[], of: 'input' | 'weight'): readonly ReportFigure[] {
  const points = layers.map((layer) => ({
    name: layer.name,
    ratio: of === 'input' ? layer.inputRatio : layer.weightRatio,
  }));
  const picture = ratioPicture(points, `Range ratio of each layer’s ${of}`);
  if (picture === null) return [];
  return [
    {
      kind: 'figure',
      caption: `Widest live column of the ${of} over its narrowest, before (wide bar) and after equalization (narrow bar); 1 is level.`,
      pictures: [picture],
      size: SIZE,
    },
  ];
}

/** Two tables: one of twelve columns is cut on paper, and no Markdown reader shows it whole. */
function layerTables(rows: readonly LayerRow[]): readonly Block[] {
  const count = grouped(rows.length);
  return [
    {
      kind: 'table',
      caption: `All ${count} layers in graph order; ratios before → after, SQNR in dB`,
      columns: [
        column('layer'),
        column('type'),
        ...figures('shape'),
        column('decision'),
        ...figures('input ratio', 'weight ratio', 'int8', 'equalized', 'gain'),
      ],
      rows: rows.map(figureCells),
    },
    {
      kind: 'table',
      caption: 'What was chosen and decided for each layer, and why',
      columns: ['layer', 'equalize', 'quantize as', 'decision', 'reason'].map(column),
      rows: rows.map(choiceCells),
    },
  ];
}

/** Every layer: what was decided, why, and what it brought. */
export function layersSection({ view, settings }: ReportSource): readonly Section[] {
  const { layers } = view;
  if (layers.length === 0) return [];
  return sectionOf('Layers', [
    ...sqnrFigure(layers),
    ...ratioFigure(layers, 'input'),
    ...ratioFigure(layers, 'weight'),
    ...layerTables(layerRows(layers, settings)),
  ]);
}

/** The column ranges of the layers that int8 hurts most. */
export function rangesSection({ details }: ReportSource): readonly Section[] {
  const blocks = details.flatMap(({ name, input, weight, layer }): readonly Block[] => {
    const of = [
      { title: `${name}: input`, plot: input && rangePlot(input) },
      { title: 'weight', plot: weight && rangePlot(weight) },
    ];
    const pictures = of.flatMap(({ title, plot }) => (plot === null ? [] : [{ ...plot, title }]));
    if (pictures.length === 0) return [];
    const { inputRatio = null, weightRatio = null } = layer ?? {};
    return [
      {
        kind: 'figure',
        caption: `${name}: ranges of the input’s columns and the weight’s, before and after equalization. Ratio of the input ${beforeAfter(inputRatio)}, of the weight ${beforeAfter(weightRatio)}.`,
        pictures,
        size: PAIR,
      },
    ];
  });
  return sectionOf('Ranges of the layers with the lowest SQNR', blocks);
}
