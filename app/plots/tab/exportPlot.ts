import type { ExportedFile } from '../../../src/index';
import { type CsvField, csvOf } from '../../panels/csv';
import type { PlotFormat } from '../../store/plots/plotChoices';
import type { FigureOptions } from '../figure/drawFigure';
import type { Picture, PlotColours } from '../picture';
import { svgOf } from '../svg/svgOf';
import { paintFigure, type Size } from './paintFigure';

/** What a plot is saved from: as it is drawn, at that size and with what is in sight. */
export interface PlotDocument {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly pictures: readonly Picture[];
  readonly table: () => readonly (readonly CsvField[])[];
  readonly size: Size;
}

/** Pixels of a PNG for each CSS pixel. */
const PNG_RATIO = 2;

async function pngOf({ pictures, size }: PlotDocument, colours: PlotColours, options: FigureOptions) {
  const canvas = document.createElement('canvas');
  paintFigure(canvas, pictures, size, colours, { ...options, headed: true, ratio: PNG_RATIO });
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob === null)
    throw new Error(
      `The browser made no PNG of ${size.width} × ${size.height} pixels; save the plot as SVG.`,
    );
  return new Uint8Array(await blob.arrayBuffer());
}

/** The file of a plot. A table holds all of it, not what is in sight alone. */
export async function plotFile(
  plot: PlotDocument,
  format: PlotFormat,
  colours: PlotColours,
): Promise<ExportedFile> {
  const name = `${plot.name}.${format}`;
  const text = (content: string, mime: string) => ({
    name,
    mime,
    parts: [new TextEncoder().encode(content)],
  });
  switch (format) {
    case 'png':
      return { name, mime: 'image/png', parts: [await pngOf(plot, colours, {})] };
    case 'svg':
      return text(svgOf(plot.pictures, plot.size, colours), 'image/svg+xml');
    case 'csv':
      return text(csvOf(plot.table()), 'text/csv;charset=utf-8');
    default:
      return format satisfies never;
  }
}
