import type { ExportedFile } from '../../src/index';
import type { Studio } from '../store/studio';
import { reportHtml } from './html';
import { reportMarkdown } from './markdown';
import { reportDocument } from './reportDocument';
import { worstLayers } from './source';
import { STUDIO_VERSION } from './version';

export const REPORT_FORMATS = ['html', 'md'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const REPORT_LABELS: { readonly [F in ReportFormat]: string } = {
  html: 'Report (.html)',
  md: 'Report (.md)',
};

export const REPORT_ABOUT: { readonly [F in ReportFormat]: string } = {
  html: 'One page to show others: verdict, tables, plots; opens without network',
  md: 'The same text and tables, for wikis and pull requests',
};

const MIMES: { readonly [F in ReportFormat]: string } = {
  html: 'text/html;charset=utf-8',
  md: 'text/markdown;charset=utf-8',
};

const WRITERS = { html: reportHtml, md: reportMarkdown } as const;

/** `net.v2.onnx` → `net.v2`. */
const stemOf = (name: string): string =>
  name.replace(/\.(onnx|safetensors|pt2?|pth|json|zip)$/i, '') || 'model';

/** The report of the work as it stands, all steps in one. */
export async function writeReport(studio: Studio, format: ReportFormat): Promise<ExportedFile> {
  const details = await studio.layerDetails(worstLayers(studio));
  const document = reportDocument({ ...studio, details, version: STUDIO_VERSION, date: new Date() });
  const name = `${stemOf(studio.view.model?.name ?? 'model')}-report.${format}`;
  return { name, mime: MIMES[format], parts: [new TextEncoder().encode(WRITERS[format](document))] };
}
