import { GraphError } from '../../graph/errors';
import type { Model } from '../../graph/model';
import { lower } from '../lower/lower';
import type { LoweringSemantics } from '../lower/lowerGraph';
import type { ObservedModel } from '../observer';
import type { PassResult } from '../passResult';
import { convertReference } from './convertReference';
import type { ReferenceModel } from './referenceModel';

/** A quantized model in its two forms; where PyTorch cannot lower it, the error in the lowered one's place. */
export interface Converted {
  readonly reference: PassResult<ReferenceModel>;
  /** Its changes begin at the reference form. */
  readonly lowered: PassResult<Model> | GraphError;
}

/** `convert_to_reference_fx` and `convert_fx` in one. */
export function convert(model: ObservedModel, semantics: LoweringSemantics = 'exact'): Converted {
  const reference = convertReference(model, semantics);
  try {
    return { reference, lowered: lower(reference.model, semantics) };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { reference, lowered: error };
  }
}
