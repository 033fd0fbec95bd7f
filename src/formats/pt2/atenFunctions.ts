import { type AtenRule, type AtenTable, asFunction, dropped, passed } from './atenRule';

const F = 'torch.nn.functional';

/** Ops of one tensor and nothing else, under the function of that name. */
const unary = (namespace: string, names: readonly string[]): AtenTable =>
  Object.fromEntries(names.map((name) => [`${name}.default`, asFunction(`${namespace}.${name}`, ['self'])]));

/** `self + alpha · other`: a factor is a node of its own. */
const scaled =
  (target: string): AtenRule =>
  (call) => {
    const alpha = call.number('alpha', 1);
    const [self, other] = [call.operand('self'), call.operand('other')];
    if (alpha === 1) return call.call(target, [self, other]);
    return call.call(target, [self, call.step('alpha', 'torch.mul', [other, alpha])]);
  };

/** `other − alpha · self`. */
const reversedSub: AtenRule = (call) => {
  call.only('alpha', 1);
  return call.call('torch.sub', [call.operand('other'), call.operand('self')]);
};

const binary = (target: string): AtenRule => asFunction(target, ['self', 'other']);
/** The overloads of an op of two tensors or a tensor and a number. */
const overloads = (name: string, rule: AtenRule): AtenTable => ({
  [`${name}.Tensor`]: rule,
  [`${name}.Scalar`]: rule,
});

const softmax =
  (target: string): AtenRule =>
  (call) => {
    call.only('half_to_float', false);
    call.ignore('dtype');
    return call.call(target, [call.operand('self')], { dim: call.number('dim') });
  };

const reduce =
  (target: string): AtenRule =>
  (call) => {
    call.ignore('dtype');
    const dims = call.numbers('dim', []);
    const keepdim = call.flag('keepdim', false);
    // No axes are all axes.
    if (dims.length === 0) return call.call(target, [call.operand('self')], keepdim ? { keepdim } : {});
    return call.call(target, [call.operand('self')], { dim: dims, keepdim });
  };

const dropout: AtenRule = (call) => {
  call.ignore('p');
  if (call.flag('train', false))
    return call.fail('drops elements: the model was exported in training mode. Call model.eval() before');
  return call.call(`${F}.dropout`, [call.operand('input')], { training: false });
};

/** The element type, where the op changes it; otherwise its input. */
const toDType: AtenRule = (call) => {
  const dtype = call.argument('dtype') ?? null;
  if (dtype === null) return passed(call);
  call.ignore('layout', 'device', 'pin_memory', 'non_blocking', 'memory_format', 'copy');
  return call.builder.callMethod(call.name, call.name, 'to', [call.operand('self'), dtype]);
};

const clamp = (names: Readonly<Record<string, string>>): AtenRule =>
  asFunction('torch.clamp', ['self'], names);

/** A tensor made of nothing but numbers. */
const filled =
  (target: string, positional: readonly string[]): AtenRule =>
  (call) => {
    call.ignore('layout', 'device', 'pin_memory', 'memory_format');
    return asFunction(target, positional, { dtype: 'dtype' })(call);
  };

const compare = (name: string): AtenTable => overloads(name, binary(`torch.${name}`));

const pool =
  (name: string): AtenRule =>
  (call) => {
    call.only('divisor_override', null);
    return asFunction(`${F}.${name}`, ['self', 'kernel_size', 'stride', 'padding'], {
      dilation: 'dilation',
      ceil_mode: 'ceil_mode',
      count_include_pad: 'count_include_pad',
    })(call);
  };
const pools: AtenTable = Object.fromEntries(
  [1, 2, 3].flatMap((dims): [string, AtenRule][] => [
    [`max_pool${dims}d.default`, pool(`max_pool${dims}d`)],
    [`max_pool${dims}d_with_indices.default`, pool(`max_pool${dims}d`)],
    [`avg_pool${dims}d.default`, pool(`avg_pool${dims}d`)],
    [
      `adaptive_avg_pool${dims}d.default`,
      asFunction(`${F}.adaptive_avg_pool${dims}d`, ['self', 'output_size']),
    ],
    [
      `_adaptive_avg_pool${dims}d.default`,
      asFunction(`${F}.adaptive_avg_pool${dims}d`, ['self', 'output_size']),
    ],
  ]),
);

const pad: AtenRule = (call) => {
  const mode = call.value('mode') ?? 'constant';
  if (typeof mode !== 'string') return call.fail(`has the mode ${JSON.stringify(mode)}`);
  return call.call(`${F}.pad`, [call.operand('self'), call.numbers('pad')], {
    mode,
    value: call.number('value', 0),
  });
};

/**
 * `upsample_*(self or input, output_size, align_corners, scales…)`: by factors where `scale_factors` gives them, else to
 * a size. `scales_h` and their like are ignored: with `output_size` they change coordinates by rounding alone.
 */
const resized =
  (mode: string): AtenRule =>
  (call) => {
    const first = call.tensorName('input') === null ? 'self' : 'input';
    const scales = call.numbers('scale_factors', []);
    call.ignore('scales', 'scales_d', 'scales_h', 'scales_w', 'output_size', 'scale_factors');
    const aligned = call.value('align_corners');
    return call.call(`${F}.interpolate`, [call.operand(first)], {
      ...(scales.length === 0 ? { size: call.numbers('output_size') } : { scale_factor: scales }),
      mode,
      ...(typeof aligned === 'boolean' ? { align_corners: aligned } : {}),
    });
  };
const resizes = (name: string, mode: string): AtenTable => ({
  [`${name}.default`]: resized(mode),
  [`${name}.vec`]: resized(mode),
});

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

/** Ops that are a function of torch or of torch.nn.functional, called alike. Not all of them are known to every step. */
export const ATEN_FUNCTIONS: AtenTable = {
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

  ...overloads('add', scaled('torch.add')),
  ...overloads('sub', scaled('torch.sub')),
  ...overloads('mul', binary('torch.mul')),
  ...overloads('div', binary('torch.div')),
  ...overloads('rsub', reversedSub),
  'div.Tensor_mode': asFunction('torch.div', ['self', 'other'], { rounding_mode: 'rounding_mode' }),
  'pow.Tensor_Scalar': asFunction('torch.pow', ['self', 'exponent']),
  'pow.Tensor_Tensor': asFunction('torch.pow', ['self', 'exponent']),
  'pow.Scalar': asFunction('torch.pow', ['self', 'exponent']),
  'maximum.default': binary('torch.maximum'),
  'minimum.default': binary('torch.minimum'),
  'max.other': binary('torch.maximum'),
  'min.other': binary('torch.minimum'),
  ...overloads('remainder', binary('torch.remainder')),
  ...overloads('fmod', binary('torch.fmod')),
  'matmul.default': binary('torch.matmul'),
  'bmm.default': asFunction('torch.matmul', ['self', 'mat2']),
  ...compare('eq'),
  ...compare('ne'),
  ...compare('lt'),
  ...compare('le'),
  ...compare('gt'),
  ...compare('ge'),
  'logical_and.default': binary('torch.logical_and'),
  'logical_or.default': binary('torch.logical_or'),
  'logical_xor.default': binary('torch.logical_xor'),
  ...overloads('bitwise_and', binary('torch.logical_and')),
  ...overloads('bitwise_or', binary('torch.logical_or')),
  'bitwise_not.default': asFunction('torch.logical_not', ['self']),
  'where.self': asFunction('torch.where', ['condition', 'self', 'other']),
  'where.ScalarOther': asFunction('torch.where', ['condition', 'self', 'other']),
  'where.ScalarSelf': asFunction('torch.where', ['condition', 'self', 'other']),
  'masked_fill.Scalar': asFunction('torch.masked_fill', ['self', 'mask', 'value']),
  'masked_fill.Tensor': asFunction('torch.masked_fill', ['self', 'mask', 'value']),
  'lerp.Scalar': asFunction('torch.lerp', ['self', 'end', 'weight']),
  'einsum.default': asFunction('torch.einsum', ['equation', 'tensors']),

  'mean.dim': reduce('torch.mean'),
  'mean.default': reduce('torch.mean'),
  'sum.dim_IntList': reduce('torch.sum'),
  'sum.default': reduce('torch.sum'),
  'amax.default': reduce('torch.amax'),
  'amin.default': reduce('torch.amin'),
  'max.default': reduce('torch.max'),
  'min.default': reduce('torch.min'),
  'prod.default': reduce('torch.prod'),
  'prod.dim_int': reduce('torch.prod'),
  'argmax.default': reduce('torch.argmax'),
  'argmin.default': reduce('torch.argmin'),
  'any.dim': reduce('torch.any'),
  'all.dim': reduce('torch.all'),
  'var.correction': asFunction('torch.var', ['self', 'dim'], {
    correction: 'correction',
    keepdim: 'keepdim',
  }),
  'cumsum.default': asFunction('torch.cumsum', ['self', 'dim']),
  'topk.default': asFunction('torch.topk', ['self', 'k', 'dim', 'largest', 'sorted']),

  ...pools,
  'constant_pad_nd.default': pad,
  'pad.default': pad,
  ...resizes('upsample_nearest1d', 'nearest'),
  ...resizes('upsample_nearest2d', 'nearest'),
  ...resizes('upsample_nearest3d', 'nearest'),
  ...resizes('upsample_linear1d', 'linear'),
  ...resizes('upsample_bilinear2d', 'bilinear'),
  ...resizes('upsample_trilinear3d', 'trilinear'),
  ...resizes('upsample_bicubic2d', 'bicubic'),
  'pixel_shuffle.default': asFunction(`${F}.pixel_shuffle`, ['self', 'upscale_factor']),
  'pixel_unshuffle.default': asFunction(`${F}.pixel_unshuffle`, ['self', 'downscale_factor']),

  'full.default': filled('torch.full', ['size', 'fill_value']),
  'zeros.default': filled('torch.zeros', ['size']),
  'ones.default': filled('torch.ones', ['size']),
  'full_like.default': filled('torch.full_like', ['self', 'fill_value']),
  'zeros_like.default': filled('torch.zeros_like', ['self']),
  'ones_like.default': filled('torch.ones_like', ['self']),
  'arange.default': filled('torch.arange', ['end']),
  'arange.start': filled('torch.arange', ['start', 'end']),
  'arange.start_step': filled('torch.arange', ['start', 'end', 'step']),
  'scalar_tensor.default': filled('torch.tensor', ['s']),
  'tril.default': asFunction('torch.tril', ['self', 'diagonal']),
  'triu.default': asFunction('torch.triu', ['self', 'diagonal']),
  'one_hot.default': asFunction(`${F}.one_hot`, ['self', 'num_classes']),

  '_to_copy.default': toDType,
  'to.dtype': toDType,
  'to.dtype_layout': toDType,
  'to.device': passed,
  'clone.default': passed,
  'contiguous.default': passed,
  'alias.default': passed,
  'detach.default': passed,
  'detach_.default': passed,
  'lift_fresh_copy.default': passed,
  '_assert_scalar.default': dropped,
  '_assert_async.msg': dropped,
  '_assert_tensor_metadata.default': dropped,
  'sym_constrain_range.default': dropped,
  'sym_constrain_range_for_size.default': dropped,
};
