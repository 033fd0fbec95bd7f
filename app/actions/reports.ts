import { download } from '../panels/download';
import { REPORT_FORMATS, REPORT_LABELS, type ReportFormat } from '../report/formats';
import type { Studio } from '../store/studio';
import type { Action } from './action';
import { anyOf, busy, noModel } from './reasons';

/** Writes the report and hands it to the browser's downloads. */
export async function saveReport(studio: Studio, format: ReportFormat): Promise<void> {
  const fail = (text: string) => studio.report(text, { title: 'Report', subject: 'export' });
  studio.settle('export');
  try {
    const { writeReport } = await import('../report/writeReport');
    const file = await writeReport(studio, format);
    if (file === null)
      return fail('No report was written: the results changed meanwhile. Save it again when they stand.');
    download(file);
    studio.announce(`Exported ${file.name}`);
  } catch (error) {
    fail(`No report was written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export const REPORT_ACTIONS: readonly Action[] = REPORT_FORMATS.map((format) => ({
  id: `export report ${format}`,
  title: `Export: ${REPORT_LABELS[format]}`,
  group: 'export',
  keywords: ['save', 'download', 'show', 'print', 'share'],
  unavailable: anyOf(noModel, busy),
  run: (studio) => void saveReport(studio, format),
}));
