import { type AtenRule, type AtenTable, asFunction } from './atenRule';

const F = 'torch.nn.functional';

/** Ops of one tensor and nothing else, under the function of that name. */
const unary = (namespace: string, names: readonly string[]): AtenTable =>
  Object.fromEntries(names.map((name) => [`${name}.default`, asFunction(`${namespace}.${name}`, ['self'])]));

const softmax =
  (target: string): AtenRule =>
  (call) => {
    call.only('half_to_float', false);
    call.ignore('dtype');
    return call.call(target, [call.operand('self')], { dim: call.number('dim') });
  };

const dropout: AtenRule = (call) => {
  call.ignore('p');
  if (call.flag('train', false))
    return call.fail('drops elements: the model was exported in training mode. Call model.eval() before');
  return call.call(`${F}.dropout`, [call.operand('input')], { training: false });
};

const clamp = (names: Readonly<Record<string, string>>): AtenRule =>
  asFunction('torch.clamp', ['self'], names);

const NAMED_ALIKE = [
  'relu',
  'sigmoid',
  'tanh',
  'exp',
  'log',
  'neg',
  'abs',
  'sqrt',
  'rsqrt',
  'reciprocal',
  'erf',
  'sin',
  'cos',
  'floor',
  'ceil',
  'round',
  'sign',
  'square',
  'logical_not',
  'isnan',
  'isinf',
  'log1p',
  'expm1',
  'log2',
  'log10',
];

/** Functions of one tensor, element by element or along one axis. */
export const ATEN_ACTIVATIONS: AtenTable = {
  ...unary('torch', NAMED_ALIKE),
  ...unary(F, ['silu', 'mish', 'hardswish', 'hardsigmoid', 'relu6', 'selu', 'log_sigmoid', 'softsign']),
  'gelu.default': asFunction(`${F}.gelu`, ['self'], { approximate: 'approximate' }),
  'hardtanh.default': asFunction(`${F}.hardtanh`, ['self', 'min_val', 'max_val']),
  'leaky_relu.default': asFunction(`${F}.leaky_relu`, ['self', 'negative_slope']),
  'elu.default': (call) => {
    call.only('scale', 1);
    call.only('input_scale', 1);
    return asFunction(`${F}.elu`, ['self', 'alpha'])(call);
  },
  'celu.default': asFunction(`${F}.celu`, ['self', 'alpha']),
  'softplus.default': asFunction(`${F}.softplus`, ['self', 'beta', 'threshold']),
  'glu.default': asFunction(`${F}.glu`, ['self', 'dim']),
  'softmax.int': softmax('torch.softmax'),
  '_softmax.default': softmax('torch.softmax'),
  '_safe_softmax.default': softmax('torch.softmax'),
  'log_softmax.int': softmax('torch.log_softmax'),
  '_log_softmax.default': softmax('torch.log_softmax'),
  'clamp.default': clamp({ min: 'min', max: 'max' }),
  'clamp.Tensor': clamp({ min: 'min', max: 'max' }),
  'clamp_min.default': clamp({ min: 'min' }),
  'clamp_max.default': clamp({ max: 'max' }),
  'dropout.default': dropout,
  'feature_dropout.default': dropout,
  'dropout_.default': dropout,
};
