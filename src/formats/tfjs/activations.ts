import type { Argument } from '../../graph/node';
import { ref } from '../../graph/node';
import type { Value } from './graphBuilder';
import { inputOf, type LayerCall, type LayerRule, mapped, nodeAxis, weightOf } from './layerCall';
import { reshaped, transposed } from './transpose';

const F = 'torch.nn.functional';

/** Activations that PyTorch has as a function of the tensor alone. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  relu: `${F}.relu`,
  relu6: `${F}.relu6`,
  sigmoid: 'torch.sigmoid',
  tanh: 'torch.tanh',
  elu: `${F}.elu`,
  selu: `${F}.selu`,
  swish: `${F}.silu`,
  silu: `${F}.silu`,
  softplus: `${F}.softplus`,
  softsign: `${F}.softsign`,
  exponential: 'torch.exp',
  mish: `${F}.mish`,
};

/** An activation by Keras's name, applied to a value. */
export function activate(call: LayerCall, value: Value, name: string): Value {
  const target = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (target !== undefined) return mapped(call, value, target);
  switch (name) {
    case 'linear':
      return value;
    case 'gelu':
      return mapped(call, value, `${F}.gelu`);
    case 'gelu_new':
      return mapped(call, value, `${F}.gelu`, [], { approximate: 'tanh' });
    case 'softmax':
      return softmaxOver(call, value, -1);
    case 'log_softmax':
    case 'logSoftmax':
      return mapped(call, value, `${F}.log_softmax`, [nodeAxis(value, -1)]);
    case 'hard_sigmoid':
    case 'hardSigmoid':
      return hardSigmoid(call, value);
    default:
      return call.config.fail(`has the activation '${name}', which the studio does not know`);
  }
}

/** Over the last axis, where the kernels have it. */
function softmaxOver(call: LayerCall, value: Value, axis: number): Value {
  const turned = call.builder.channelsLast(value);
  return mapped(call, turned, 'torch.softmax', [nodeAxis(turned, axis)]);
}

/** TensorFlow's is `clip(0.2 x + 0.5, 0, 1)`; PyTorch's `hardsigmoid` has another slope. */
function hardSigmoid(call: LayerCall, value: Value): Value {
  const scaled = mapped(call, mapped(call, value, 'torch.mul', [0.2]), 'torch.add', [0.5]);
  return mapped(call, scaled, 'torch.clamp', [0, 1]);
}

/** `ReLU(max_value, negative_slope)`. */
const relu: LayerRule = (call) => {
  const { config } = call;
  const slope = config.number('negative_slope', 0);
  const max = config.value('max_value') ?? null;
  if (config.number('threshold', 0) !== 0)
    return config.fail('has a threshold, which the studio does not read');
  const input = inputOf(call);
  if (slope === 0 && max === 6) return mapped(call, input, `${F}.relu6`);
  const rectified =
    slope === 0 ? mapped(call, input, `${F}.relu`) : mapped(call, input, `${F}.leaky_relu`, [slope]);
  if (max === null) return rectified;
  const bounds: readonly Argument[] = [null, config.number('max_value')];
  return mapped(call, rectified, 'torch.clamp', bounds);
};

const leakyRelu: LayerRule = (call) => {
  const slope = call.config.value('alpha') === undefined ? 'negative_slope' : 'alpha';
  return mapped(call, inputOf(call), `${F}.leaky_relu`, [call.config.number(slope, 0.3)]);
};

const elu: LayerRule = (call) => mapped(call, inputOf(call), `${F}.elu`, [call.config.number('alpha', 1)]);

/** One slope a channel is PyTorch's PReLU; a slope for every place is written out. */
const prelu: LayerRule = (call) => {
  const { builder, module } = call;
  const input = inputOf(call);
  const alpha = weightOf(call, 'alpha');
  const channels = alpha.shape.at(-1) ?? 1;
  if (alpha.data.length === channels) {
    const value = builder.channelsFirst(input);
    const weight = reshaped(alpha, [channels]);
    const node = builder.module(
      module,
      'torch.nn.PReLU',
      { num_parameters: channels },
      { weight },
      value.node,
    );
    return { ...value, node };
  }
  const rank = alpha.shape.length;
  const spatial = Array.from({ length: rank - 1 }, (_, i) => i);
  const slopes = input.channelsFirst ? transposed(alpha, [rank - 1, ...spatial]) : alpha;
  const positive = mapped(call, input, `${F}.relu`);
  const negative = mapped(call, input, 'torch.sub', [ref(positive.node)]);
  const scaled = mapped(call, negative, 'torch.mul', [ref(builder.constant(`${module}.alpha`, slopes))]);
  return mapped(call, positive, 'torch.add', [ref(scaled.node)]);
};

const softmax: LayerRule = (call) => {
  const axis = call.config.value('axis') ?? -1;
  if (typeof axis !== 'number')
    return call.config.fail('has a softmax over several axes, which the studio does not read');
  return softmaxOver(call, inputOf(call), axis);
};

export const ACTIVATION_LAYERS: Readonly<Record<string, LayerRule>> = {
  Activation: (call) => activate(call, inputOf(call), call.config.activation()),
  ReLU: relu,
  LeakyReLU: leakyRelu,
  ELU: elu,
  PReLU: prelu,
  Softmax: softmax,
};
