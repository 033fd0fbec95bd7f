import type { EqualizeResult } from '../../equalize/equalization';
import type { Batch } from '../../exec/batches';
import type { Job } from '../../exec/job';
import { GraphError } from '../../graph/errors';
import { lint } from '../../graph/lint';
import type { Model } from '../../graph/model';
import { convert } from '../../quant/convert/convert';
import type { ObservedModel } from '../../quant/observer';
import type { StepError } from '../comparisonView';
import { equalizeModel } from '../equalizeModel';
import { drawnForm, formsOf } from '../forms';
import type { Semantics, Settings, StepName } from '../settings';
import type { LoadSnapshot } from '../snapshots';
import { calibrateStep, prepareStep } from '../steps';

/** The models that one semantics makes of one loaded model, step by step. */
export interface SemanticsRun {
  readonly semantics: Semantics;
  /** After fusion, before observers. */
  readonly fused: Model;
  readonly calibrated: ObservedModel;
  readonly equalized: EqualizeResult;
  /** What is measured: the reference form. */
  readonly reference: Model;
  /** What is drawn: the lowered form, the reference form where there is none. */
  readonly converted: Model;
}

export type Attempt =
  | { readonly run: SemanticsRun; readonly error: null }
  | { readonly run: null; readonly error: StepError };

/**
 * Runs all steps in the given semantics without measuring anything. An error of the graph is a result; what else
 * goes wrong (a cancel, the device) is thrown.
 */
export async function runSemantics(
  load: LoadSnapshot,
  settings: Settings,
  batches: readonly Batch[],
  job: Job,
): Promise<Attempt> {
  let step: StepName = 'prepare';
  try {
    const prepare = { ...prepareStep(load, settings), ms: 0 };
    step = 'calibrate';
    const calibrate = { ...(await calibrateStep(prepare, settings, batches, job)), ms: 0 };
    step = 'equalize';
    const { result: equalized } = await equalizeModel({ load, prepare, calibrate }, settings, batches, job);
    lint(equalized.model);
    step = 'convert';
    const forms = formsOf(convert(equalized.model, settings.semantics));
    return {
      run: {
        semantics: settings.semantics,
        fused: prepare.fused,
        calibrated: calibrate.model,
        equalized,
        reference: forms.reference.model,
        converted: drawnForm(forms).model,
      },
      error: null,
    };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { run: null, error: { step, message: error.message, node: error.node } };
  }
}
