import type { ParamName } from './ids';
import type { OpCall } from './op';

/** A tensor of the model that a call reads through its module or a constant argument. */
export interface ExpectedTensor {
  readonly param: ParamName;
  /** Null where any size will do. */
  readonly shape: readonly (number | null)[];
}

/** The tensors that a call needs, with the shapes that fit its attributes. */
export function expectedTensors(call: OpCall): readonly ExpectedTensor[] {
  switch (call.op) {
    case 'linear': {
      const { weight, bias, inFeatures, outFeatures } = call.attrs;
      return tensors([weight, [outFeatures, inFeatures]], [bias, [outFeatures]]);
    }
    case 'conv': {
      const { weight, bias, inChannels, outChannels, groups, kernelSize } = call.attrs;
      return tensors([weight, [outChannels, inChannels / groups, ...kernelSize]], [bias, [outChannels]]);
    }
    case 'conv_transpose': {
      const { weight, bias, inChannels, outChannels, groups, kernelSize } = call.attrs;
      return tensors([weight, [inChannels, outChannels / groups, ...kernelSize]], [bias, [outChannels]]);
    }
    case 'batch_norm': {
      const { weight, bias, mean, variance, features } = call.attrs;
      return tensors([weight, [features]], [bias, [features]], [mean, [features]], [variance, [features]]);
    }
    case 'layer_norm': {
      const { weight, bias, normalizedShape } = call.attrs;
      return tensors([weight, normalizedShape], [bias, normalizedShape]);
    }
    case 'group_norm':
    case 'instance_norm': {
      const { weight, bias, features } = call.attrs;
      return tensors([weight, [features]], [bias, [features]]);
    }
    case 'embedding':
      return tensors([call.attrs.weight, [call.attrs.count, call.attrs.width]]);
    case 'prelu':
      return tensors([call.attrs.weight, [null]]);
    default:
      return [];
  }
}

const tensors = (
  ...entries: readonly (readonly [ParamName | null, readonly (number | null)[]])[]
): readonly ExpectedTensor[] =>
  entries.flatMap(([param, shape]) => (param === null ? [] : [{ param, shape }]));
