import { GraphError } from '../graph/errors';
import { lint } from '../graph/lint';
import type { Model } from '../graph/model';
import type { Converted } from '../quant/convert/convert';
import type { StepName } from './settings';
import type { ConvertSnapshot, FormSnapshot, Forms, Snapshots } from './snapshots';
import type { Form } from './views';

/** Both forms with all their rewrites of the equalized graph, checked. */
export function formsOf({ reference, lowered }: Converted): Forms {
  lint(reference.model);
  if (lowered instanceof GraphError) return { reference, lowered };
  lint(lowered.model);
  return { reference, lowered: { ...lowered, changes: [...reference.changes, ...lowered.changes] } };
}

/** The form that is drawn first: the lowered one, the reference form where there is none. */
export const drawnForm = ({ reference, lowered }: Forms): FormSnapshot =>
  lowered instanceof GraphError ? reference : lowered;

/** The converted model in a form; the reference form where PyTorch has no lowered one. */
export const inForm = ({ forms }: ConvertSnapshot, form: Form): FormSnapshot =>
  form === 'reference' ? forms.reference : drawnForm(forms);

/** The model after a step; undefined where it has not run. */
export const modelAfter = (snapshots: Snapshots, step: StepName, form: Form): Model | undefined =>
  step === 'convert' && snapshots.convert ? inForm(snapshots.convert, form).model : snapshots[step]?.model;
