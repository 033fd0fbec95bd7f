import type { FilePart } from '../formats/byteSource';
import type { OpenedModel } from '../formats/openModel';
import { GraphError } from '../graph/errors';
import type { Model } from '../graph/model';
import { printGraph } from '../graph/print';
import { floatModel } from '../quant/floatModel';
import { modelAfter } from './forms';
import type { Settings, StepName } from './settings';
import type { Snapshots } from './snapshots';
import type { ExportedFile, Form } from './views';

/** The float model of a step: what the user loaded, or the equalized one from `equalize` on; never with observers. */
export function floatModelOf(snapshots: Snapshots, step: StepName): Model {
  const { load, equalize } = snapshots;
  return (step === 'equalize' || step === 'convert') && equalize ? floatModel(equalize.model) : load.model;
}

/** Files of a float model. */
type FloatExport = 'safetensors' | 'pt' | 'onnx';

/** Whether the step's float model failed its check: its file says so in its name. */
const isUnproven = (snapshots: Snapshots, step: StepName): boolean =>
  (step === 'equalize' || step === 'convert') && (snapshots.equalize?.failed ?? false);

const text = (content: string): readonly FilePart[] => [new TextEncoder().encode(content)];

/** Writers are loaded when first needed, like the readers. */
async function write(kind: FloatExport, opened: OpenedModel, model: Model): Promise<readonly FilePart[]> {
  if (kind === 'pt') return stateDict(opened.model, model);
  if (kind === 'safetensors') return (await import('../formats/fx/write')).fxParts(model);
  if (opened.onnx) return (await import('../formats/onnx/patch')).patchOnnx(opened.onnx, opened.model, model);
  return (await import('../formats/onnx/write')).onnxParts(model);
}

/** With the names of the user's own module, which knows nothing of folded BatchNorms. */
async function stateDict(original: Model, model: Model): Promise<readonly FilePart[]> {
  const [{ writeStateDict }, { unfoldedNorms }] = await Promise.all([
    import('../formats/pt/write'),
    import('../formats/pt/unfoldedNorms'),
  ]);
  return writeStateDict({ ...model, params: unfoldedNorms(original, model) });
}

/** The float model as a file. Where its check failed, the page asks before; the name tells afterwards. */
export async function exportModel(
  kind: FloatExport,
  opened: OpenedModel,
  snapshots: Snapshots,
  step: StepName,
  settings: Settings,
): Promise<ExportedFile> {
  const model = floatModelOf(snapshots, step);
  const isOriginal = model === snapshots.load.model;
  const name = isOriginal ? model.name : equalizedName(model, snapshots, step, settings);
  const parts = await write(kind, opened, model);
  return { name: `${name}.${kind}`, mime: 'application/octet-stream', parts };
}

function equalizedName({ name }: Model, snapshots: Snapshots, step: StepName, settings: Settings): string {
  const equalized = settings.semantics === 'pytorch' ? 'pytorch-equalized' : 'equalized';
  return `${name}-${equalized}${isUnproven(snapshots, step) ? '-check-failed' : ''}`;
}

/** What `convert` made, in QDQ form: with the equalization, if any, that it was made of. */
export async function exportQuantized(
  { onnx }: OpenedModel,
  snapshots: Snapshots,
  settings: Settings,
): Promise<ExportedFile> {
  const { convert } = snapshots;
  if (!convert)
    throw new GraphError("The step 'convert' has not been run: there is no quantized model to export.");
  const [{ quantizedParts }, { boundaryOf }] = await Promise.all([
    import('../formats/onnx/quantized/writeQuantized'),
    import('../formats/onnx/quantized/boundary'),
  ]);
  const { model } = convert.forms.reference;
  const parts = quantizedParts(model, onnx && (await boundaryOf(onnx)));
  const isEqualized = (snapshots.equalize?.changes.length ?? 0) > 0;
  const name = `${isEqualized ? equalizedName(model, snapshots, 'convert', settings) : model.name}-int8.onnx`;
  return { name, mime: 'application/octet-stream', parts };
}

/** The printed graph of a step; convert's in the form that is asked for, which its name tells. */
export function exportText(snapshots: Snapshots, step: StepName, form: Form): ExportedFile {
  const model = modelAfter(snapshots, step, form);
  if (!model) throw new GraphError(`The step '${step}' has not been run: there is no graph to export.`);
  return {
    name: `${model.name}-${step}${step === 'convert' && form === 'reference' ? '-reference' : ''}.txt`,
    mime: 'text/plain',
    parts: text(`${printGraph(model.graph)}\n`),
  };
}

export const exportReport = (name: string, content: unknown): ExportedFile => ({
  name: `${name}-report.json`,
  mime: 'application/json',
  parts: text(`${JSON.stringify(content, null, 2)}\n`),
});
