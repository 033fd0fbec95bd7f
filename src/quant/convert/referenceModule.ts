import type { ModuleSpec } from '../../graph/model';
import { REFERENCE_TYPES } from '../../graph/quantizedTypes';
import type { WeightObserver } from '../qconfig';
import type { QParams } from '../qparams';
import { weightAxis } from '../quantizeWeight';
import { isPerChannel } from '../spec';

/**
 * A float layer's reference module (torch/ao/nn/quantized/reference/modules): the same attributes, and those of the
 * grid that its weight is moved to when it runs. Quantized tensors have no symmetric schemes: they count as affine
 * (`get_qparam_dict`). Null for a module without a reference.
 */
export function referenceModule(
  spec: ModuleSpec,
  observer: WeightObserver,
  qparams: readonly QParams[],
): ModuleSpec | null {
  const type = REFERENCE_TYPES.get(spec.type);
  if (!type) return null;
  const { dtype, qscheme } = observer.spec;
  const [first, ...others] = qparams;
  // One scale is printed; those of the channels stand in the module's tensors.
  const single =
    first && others.length === 0 ? { weight_scale: first.scale, weight_zero_point: first.zeroPoint } : {};
  return {
    type,
    attrs: {
      ...spec.attrs,
      weight_qscheme: isPerChannel(qscheme) ? 'torch.per_channel_affine' : 'torch.per_tensor_affine',
      weight_dtype: dtype,
      weight_axis: weightAxis(observer),
      ...single,
    },
  };
}
