import type { Model } from '../graph/model';
import type { ObservedModel } from '../quant/observer';
import type { EqualizationConfig } from './eligibility';
import type { EqualizeResult } from './equalization';
import { equalizeExact } from './exact';
import { equalizePyTorch } from './pytorch';

/**
 * Input-weight equalization of a calibrated model in the semantics that the user chose. `float` is the same model
 * after fusion and before observers.
 */
export const equalize = (float: Model, model: ObservedModel, config: EqualizationConfig): EqualizeResult =>
  config.semantics === 'exact' ? equalizeExact(float, model, config) : equalizePyTorch(float, model, config);
