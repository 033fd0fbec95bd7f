import type { ParamName } from '../../graph/ids';
import type { OpCall } from '../../graph/op';
import { channelAxis } from '../../quant/layerAxes';
import { BARRIER, type ChannelOrigin, type OriginRule } from './channelOrigin';

/** Rows of the tensors; an absent bias adds nothing, an absent weight has nothing to take the factors. */
const rows = (weight: ParamName | null, bias: ParamName | null, axis = 0): ChannelOrigin =>
  weight === null
    ? BARRIER
    : {
        kind: 'producer',
        params: [weight, bias].flatMap((param) => (param === null ? [] : [{ param, axis }])),
      };

/** The rows of its weight, and its bias, take the factors of a layer's output channels. A fused ReLU passes them. */
export const layer: OriginRule<OpCall<'linear' | 'conv'>> = (call, axis) =>
  axis === channelAxis(call) ? rows(call.attrs.weight, call.attrs.bias) : BARRIER;

/** Its output channels lie along axis 1 of the weight; of several groups, which share that axis, only a layer's take factors. */
export const transposedLayer: OriginRule<OpCall<'conv_transpose'>> = (call, axis) => {
  const { weight, bias, groups, functional } = call.attrs;
  if (axis !== channelAxis(call) || (functional && groups > 1)) return BARRIER;
  const params = [{ param: weight, axis: 1 }, ...(bias === null ? [] : [{ param: bias, axis: 0 }])];
  return { kind: 'producer', params };
};

/** Weight and bias by channel, on axis 1 whatever the rank. */
export const channelNorm: OriginRule<OpCall<'batch_norm' | 'group_norm' | 'instance_norm'>> = (
  { attrs },
  axis,
  { output },
) => (output.length + axis === 1 ? rows(attrs.weight, attrs.bias) : BARRIER);

/** Any of the axes that are normalized: weight and bias have them too. */
export const layerNorm: OriginRule<OpCall<'layer_norm'>> = ({ attrs }, axis) => {
  const at = attrs.normalizedShape.length + axis;
  return at < 0 ? BARRIER : rows(attrs.weight, attrs.bias, at);
};

/** The columns of the table. */
export const embedding: OriginRule<OpCall<'embedding'>> = ({ attrs }, axis) =>
  axis === -1 ? rows(attrs.weight, null, 1) : BARRIER;
