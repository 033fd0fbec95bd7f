import { accuracy } from '../exec/accuracy';
import type { Batch } from '../exec/batches';
import { compareEach } from '../exec/compare';
import type { Job } from '../exec/job';
import { GraphError } from '../graph/errors';
import type { Model } from '../graph/model';
import { convert } from '../quant/convert/convert';
import { convertReference } from '../quant/convert/convertReference';
import { drawnForm, formsOf } from './forms';
import { layerTaps } from './layerTaps';
import { progressOf } from './progress';
import type { Settings } from './settings';
import type { CalibrateSnapshot, ConvertSnapshot, EqualizeSnapshot, Forms, LoadSnapshot } from './snapshots';
import { convertSummary, joined } from './summaries';

/**
 * Quantizes the calibrated model with and without equalization and measures both against the float model. What is
 * measured is the reference form; in exact semantics the lowered one computes the same.
 */
export async function convertStep(
  load: LoadSnapshot,
  calibrate: CalibrateSnapshot,
  equalized: EqualizeSnapshot,
  settings: Settings,
  data: { readonly calibration: readonly Batch[]; readonly evaluation: readonly Batch[] | null },
  job: Job,
): Promise<Omit<ConvertSnapshot, 'ms'>> {
  const forms = formsOf(convert(equalized.model, settings.semantics));
  const plainModel = convertReference(calibrate.model, settings.semantics).model;
  const int8 = forms.reference.model;
  const work = { ...job, progress: progressOf(job, 'Convert') };
  const plainTaps = layerTaps(calibrate.model, null, plainModel);
  const taps = layerTaps(equalized.model, equalized.result, int8);
  const candidates = [
    { model: plainModel, taps: plainTaps },
    { model: int8, taps },
  ];
  const [plain, after] = await compareEach(load.model, candidates, data.calibration, work);
  if (!plain || !after) throw new Error('internal: two candidates make two comparisons.');
  const { measured, warning } = await measureAccuracy([load.model, plainModel, int8], data.evaluation, work);
  const outputs = { plain: plain.outputs, equalized: after.outputs };
  const layers = { plain: plain.taps, equalized: after.taps };
  return {
    step: 'convert',
    ...drawnForm(forms),
    forms,
    outputs,
    layers,
    accuracy: measured,
    summary: convertSummary(outputs, measured),
    warning: joined(loweringWarning(forms), warning),
    failed: false,
  };
}

const loweringWarning = ({ lowered }: Forms): string | null =>
  lowered instanceof GraphError ? `There is no lowered form: ${lowered.message}` : null;

/**
 * Accuracy of the float, int8 and equalized int8 model, where the evaluation data has labels. Labels that do not
 * fit the model's output spoil only this figure: the rest of the step stands and the warning says why.
 */
async function measureAccuracy(
  [float, plain, equalized]: readonly [Model, Model, Model],
  evaluation: readonly Batch[] | null,
  job: Job,
): Promise<{ measured: ConvertSnapshot['accuracy']; warning: string | null }> {
  if (!evaluation?.some((batch) => batch.labels !== null)) return { measured: null, warning: null };
  try {
    const measured = {
      float: await accuracy(float, evaluation, job),
      plain: await accuracy(plain, evaluation, job),
      equalized: await accuracy(equalized, evaluation, job),
    };
    return { measured, warning: null };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { measured: null, warning: `Accuracy was not measured: ${error.message}` };
  }
}
