import { zipSync } from 'fflate';
import type { ExportedFile } from '../../src/index';
import type { Studio } from '../store/studio';
import type { ReportDocument } from './document';
import type { ReportFormat } from './formats';
import { reportHtml } from './html';
import { reportMarkdown } from './markdown';
import { reportDocument } from './reportDocument';
import { worstLayers } from './source';
import { STUDIO_VERSION } from './version';

const encoded = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** report.md and its pictures, under one folder: unpacked anywhere, the text finds them. */
export function markdownZip(document: ReportDocument, folder: string): Uint8Array<ArrayBuffer> {
  const { text, images } = reportMarkdown(document);
  const files = [['report.md', text], ...images] as const;
  return zipSync(Object.fromEntries(files.map(([path, content]) => [`${folder}/${path}`, encoded(content)])));
}

const fileOf = (document: ReportDocument, format: ReportFormat, name: string): ExportedFile =>
  format === 'html'
    ? { name: `${name}.html`, mime: 'text/html;charset=utf-8', parts: [encoded(reportHtml(document))] }
    : { name: `${name}.zip`, mime: 'application/zip', parts: [markdownZip(document, name)] };

/** `net.v2.onnx` → `net.v2`. */
const stemOf = (name: string): string =>
  name.replace(/\.(onnx|safetensors|pt2?|pth|json|zip)$/i, '') || 'model';

/** The report of the work at one moment, all steps in one; null where the work went on before all of it was known. */
export async function writeReport(studio: Studio, format: ReportFormat): Promise<ExportedFile | null> {
  const details = await studio.layerDetails(worstLayers(studio));
  if (details === null) return null;
  const document = reportDocument({ ...studio, details, version: STUDIO_VERSION, date: new Date() });
  return fileOf(document, format, `${stemOf(studio.view.model?.name ?? 'model')}-report`);
}
