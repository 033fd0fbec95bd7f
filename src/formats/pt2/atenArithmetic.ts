import { type AtenRule, type AtenTable, asFunction } from './atenRule';

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

const compare = (name: string): AtenTable => overloads(name, binary(`torch.${name}`));

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

/** Functions of two tensors or of a tensor and a number. */
export const ATEN_ARITHMETIC: AtenTable = {
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
};

/** Functions that make one element of all along some axes, or run along one. */
export const ATEN_REDUCTIONS: AtenTable = {
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
};
