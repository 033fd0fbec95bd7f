import type { ExportKind } from '../../src/index';
import { download } from '../panels/download';
import { countOf } from '../store/counting';
import { brokenExport } from '../store/selectors';
import type { Studio } from '../store/studio';
import { EXPORT_KINDS, EXPORT_LABELS, FLOAT_EXPORTS } from '../store/vocabulary';
import type { Action } from './action';
import { anyOf, busy, noModel, notRun } from './reasons';

/** What the float model has besides its modules' tensors: the scales of muls. */
export const mulCount = ({ view, shown }: Pick<Studio, 'view' | 'shown'>): number =>
  shown === 'equalize' || shown === 'convert'
    ? view.layers.filter(({ decision }) => decision === 'mul').length
    : 0;

/** Saves a file of the shown step. A state dict that needs more than its module says so when it is saved, too. */
export async function saveExport(studio: Studio, kind: ExportKind): Promise<void> {
  const file = await studio.exportFile(kind);
  if (file === null) return;
  download(file);
  const muls = mulCount(studio);
  if (kind === 'pt' && muls > 0)
    studio.announce(
      `Exported ${file.name}. ${countOf(muls, 'layer')} with a mul in front: load it with strict=False and multiply the layer’s input by …_equalization_scale…`,
    );
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
