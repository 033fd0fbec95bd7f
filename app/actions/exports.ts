import type { ExportKind } from '../../src/index';
import { download } from '../panels/download';
import { brokenExport } from '../store/selectors';
import type { Studio } from '../store/studio';
import { EXPORT_KINDS, EXPORT_LABELS, FLOAT_EXPORTS } from '../store/vocabulary';
import type { Action } from './action';
import { anyOf, busy, noModel, notRun } from './reasons';

/** Saves a file of the shown step. */
export async function saveExport({ exportFile }: Studio, kind: ExportKind): Promise<void> {
  const file = await exportFile(kind);
  if (file !== null) download(file);
}

/** Saves it; a model that computes something else only after the user has accepted that, once a warning. */
export function requestExport(studio: Studio, kind: ExportKind): void {
  const warning = brokenExport(studio);
  const isModel = kind === 'quantized' || FLOAT_EXPORTS.some((float) => float === kind);
  if (isModel && warning !== null && studio.acceptedWarning !== warning) studio.askExport(kind);
  else void saveExport(studio, kind);
}

export const EXPORT_ACTIONS: readonly Action[] = EXPORT_KINDS.map((kind) => ({
  id: `export ${kind}`,
  title: `Export: ${EXPORT_LABELS[kind]}`,
  group: 'export',
  keywords: ['save', 'download'],
  unavailable: kind === 'quantized' ? anyOf(noModel, busy, notRun('convert')) : anyOf(noModel, busy),
  run: (studio) => requestExport(studio, kind),
}));
