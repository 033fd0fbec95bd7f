import type { Dataset } from '../../formats/dataset';
import type { ImageDecoder } from '../../formats/images/imageDecoder';
import { type ImagePreview, imagePreviews } from '../../formats/images/imagePreview';
import type { ImageSettings } from '../../formats/images/imageSettings';
import type { OpenedModel } from '../../formats/openModel';
import type { NodeName } from '../../graph/ids';
import { keepThrough } from '../snapshotSteps';
import type { Work } from '../studioView';
import { checkLabels } from './checkLabels';
import { bindData, withDataShapes } from './data';
import { checkLayerSizes } from './layerSizes';
import type { DataScope } from './readData';
import { valueNotes } from './valueNotes';

/* What data makes of the work on a model. A FormatError where the data does not fit it. */

/** With calibration data: `calibrate` and later steps are forgotten. */
export function withCalibration(work: Work, data: Dataset): Work {
  const calibration = bound(work, data);
  const { load, prepare } = work.snapshots;
  const shaped = { ...load, model: withDataShapes(work.opened.model, calibration) };
  const known = prepare && {
    ...prepare,
    model: { ...prepare.model, inputShapes: shaped.model.inputShapes },
  };
  return {
    ...work,
    calibration,
    imageSettings: imageSettingsOf(data, work),
    refusedImages: null,
    lastData: 'calibration',
    snapshots: { load: shaped, ...(known && { prepare: known }) },
  };
}

/** With evaluation data: `convert` is forgotten, since its figures change. */
export function withEvaluation(work: Work, data: Dataset): Work {
  const evaluation = bound(work, data);
  checkLabels(evaluation, work.opened.model);
  return {
    ...work,
    evaluation,
    imageSettings: imageSettingsOf(data, work),
    refusedImages: null,
    lastData: 'evaluation',
    snapshots: keepThrough(work.snapshots, 'equalize'),
  };
}

/** Data that the model can run on, as far as shapes tell. */
function bound({ opened }: Work, data: Dataset): Dataset {
  const dataset = bindData(data, opened.model, fileNames(opened));
  checkLayerSizes(dataset, opened.model);
  const notes = [...(dataset.notes ?? []), ...valueNotes(dataset)];
  return notes.length > 0 ? { ...dataset, notes } : dataset;
}

/** What reading more data needs of the work. */
export function dataScopeOf(
  { opened, imageSettings, calibration, evaluation }: Work,
  decodeImage: ImageDecoder | null,
): DataScope {
  return { model: opened.model, decodeImage, imageSettings, other: calibration ?? evaluation };
}

/** The first images as the model sees them. */
export const previewsOf = ({ calibration, evaluation }: Work): readonly ImagePreview[] =>
  [calibration, evaluation]
    .map((data) => (data ? imagePreviews(data) : []))
    .find((list) => list.length > 0) ?? [];

/** The settings of images are kept for the next ones. */
const imageSettingsOf = ({ origin }: Dataset, work: Work): ImageSettings | null =>
  origin?.kind === 'images' ? origin.settings : work.imageSettings;

/** Names of the inputs as the ONNX file spells them. */
const fileNames = ({ onnx }: OpenedModel): Readonly<Record<NodeName, string>> =>
  Object.fromEntries(Object.entries(onnx?.values ?? {}).map(([name, origin]) => [name, origin.value]));
