import { type ByteSource, joinedParts } from '../../formats/byteSource';
import type { OnnxOrigin } from '../../formats/onnx/origin';
import type { OpenedModel } from '../../formats/openModel';
import { floatModel } from '../../quant/floatModel';
import { exportModel, exportQuantized } from '../exports';
import type { Settings } from '../settings';
import type { Snapshots } from '../snapshots';
import type { ExportedFile } from '../views';
import type { RuntimeFile } from './runtime';
import type { Candidate } from './runtimeCheck';

const bytesOf = (source: ByteSource): Promise<Uint8Array> => source.read(0, source.size);

/** The file as it came, and the files that it reads its tensors from. */
async function originalFile({ source, companions }: OnnxOrigin) {
  const { externalPaths } = await import('../../formats/onnx/file/externalPaths');
  const files: RuntimeFile[] = [];
  for (const path of await externalPaths(source)) {
    const found = companions.find(path);
    if (found) files.push({ path, data: await bytesOf(found) });
  }
  return { bytes: await bytesOf(source), files };
}

/** What the finished steps can export, and the models that the files must agree with. */
export function candidatesOf(
  opened: OpenedModel,
  snapshots: Snapshots,
  settings: Settings,
): readonly Candidate[] {
  const { load, equalize, convert } = snapshots;
  const alone = async (file: Promise<ExportedFile>) => ({
    bytes: await joinedParts((await file).parts),
    files: [],
  });
  const candidates: Candidate[] = [
    {
      name: 'original',
      model: load.model,
      optimize: true,
      file: () =>
        opened.onnx
          ? originalFile(opened.onnx)
          : alone(exportModel('onnx', opened, snapshots, 'load', settings)),
    },
  ];
  if (equalize)
    candidates.push({
      name: 'equalized',
      model: floatModel(equalize.model),
      optimize: true,
      file: () => alone(exportModel('onnx', opened, snapshots, 'equalize', settings)),
    });
  if (!convert) return candidates;
  const quantized = {
    model: convert.forms.reference.model,
    file: () => alone(exportQuantized(opened, snapshots, settings)),
  };
  return [
    ...candidates,
    { name: 'quantized', optimize: false, ...quantized },
    { name: 'quantized-optimized', optimize: true, ...quantized },
  ];
}
