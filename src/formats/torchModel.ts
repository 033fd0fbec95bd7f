import type { ByteSource } from './byteSource';
import type { OpenedModel } from './openedModel';
import { loadTorchFile, openTorchFile } from './pt/read';
import { isFloatDType } from './pt/torchTypes';
import { hasProgram } from './pt2/archive';
import { readPt2 } from './pt2/read';
import { readRange } from './readRange';
import { PlainWeightsError, tensorsText } from './weightsFile';
import { listZip } from './zip/directory';

/**
 * Opens a file of PyTorch: an archive of torch.export is a model; a file of torch.save holds weights alone, which is a
 * PlainWeightsError that carries them.
 */
export async function readTorchModel(source: ByteSource): Promise<OpenedModel> {
  const head = await readRange(source, 0, Math.min(2, source.size), 'the first bytes');
  const members = head[0] === 0x50 && head[1] === 0x4b ? await listZip(source) : undefined;
  if (members && hasProgram(members)) return readPt2(source);
  const found = await openTorchFile(source, members);
  const entries = [...found.tensors].map(([name, { shape, dtype }]) => ({
    name,
    shape,
    isFloat: isFloatDType(dtype),
  }));
  throw new PlainWeightsError(
    { file: source.name, format: 'pt', entries, inModuleOrder: true, load: () => loadTorchFile(found) },
    `is a plain weights file: ${tensorsText(entries)} but no graph. The studio can put layers together from them; or write the whole model in PyTorch with fx_export.py, torch.export.save or torch.onnx.export.`,
  );
}
