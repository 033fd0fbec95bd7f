import { describe, expect, it } from 'vitest';
import type { ModuleSpec } from './model';
import {
  FIXED_QPARAMS_OBSERVER,
  INPUT_EQUALIZATION_OBSERVER,
  LINEAR,
  LINEAR_RELU,
  MIN_MAX_OBSERVER,
} from './moduleTypes';
import type { Node } from './node';
import type { OpName } from './op';
import { F, fn, method, resolverBehind, x } from './resolve/testCalls';
import { floatTensor } from './tensor';
import { callModule, constant, placeholder, to } from './testGraph';

const operand = { kind: 'node', node: 'x' };
const params = { w: floatTensor([2, 3], new Float32Array(6)), v: floatTensor([3], new Float32Array(3)) };
const surroundings = [placeholder('x'), placeholder('y'), constant('w'), constant('v'), constant('b', 'v')];

const resolve = resolverBehind(surroundings, params);

/** Every spelling of an op: the op, its attributes, and calls on `x` that all mean it. */
const UNARY: readonly (readonly [OpName, object, readonly Node[]])[] = [
  [
    'relu',
    {},
    [fn(`${F}.relu`, [x], { inplace: false }), fn(`${F}.relu`, [x, true]), fn('torch.relu'), method('relu')],
  ],
  ['leaky_relu', { negativeSlope: 0.01 }, [fn(`${F}.leaky_relu`)]],
  [
    'leaky_relu',
    { negativeSlope: 0.2 },
    [
      fn(`${F}.leaky_relu`, [x, 0.2]),
      fn(`${F}.leaky_relu`, [], { input: x, negative_slope: 0.2, inplace: true }),
    ],
  ],
  ['sigmoid', {}, [fn('torch.sigmoid'), fn(`${F}.sigmoid`), method('sigmoid')]],
  ['tanh', {}, [fn('torch.tanh'), fn(`${F}.tanh`), method('tanh')]],
  [
    'dropout',
    {},
    [
      fn(`${F}.dropout`, [x], { p: 0.5, training: false, inplace: false }),
      fn(`${F}.dropout`, [x, 0.5, false]),
    ],
  ],
  [
    'softmax',
    { dim: -1 },
    [
      fn('torch.softmax', [x, -1]),
      fn('torch.softmax', [x], { dim: -1, dtype: null }),
      fn(`${F}.softmax`, [x], { dim: -1, _stacklevel: 3, dtype: null }),
      method('softmax', -1),
    ],
  ],
  ['flatten', { startDim: 0, endDim: -1 }, [fn('torch.flatten'), method('flatten')]],
  [
    'flatten',
    { startDim: 1, endDim: 2 },
    [
      fn('torch.flatten', [x, 1, 2]),
      fn('torch.flatten', [x], { start_dim: 1, end_dim: 2 }),
      method('flatten', 1, 2),
    ],
  ],
  [
    'reshape',
    { shape: [-1, 4] },
    [
      fn('torch.reshape', [x, [-1, 4]]),
      fn('torch.reshape', [x], { shape: [-1, 4] }),
      method('reshape', -1, 4),
      method('reshape', [-1, 4]),
      method('view', -1, 4),
      method('view', [-1, 4]),
    ],
  ],
  [
    'transpose',
    { dim0: 1, dim1: -1 },
    [
      fn('torch.transpose', [x, 1, -1]),
      fn('torch.transpose', [x], { dim0: 1, dim1: -1 }),
      method('transpose', 1, -1),
    ],
  ],
  ['identity', {}, [method('contiguous')]],
  ['dequantize', {}, [method('dequantize')]],
  ['to', { dtype: 'torch.float32' }, [method('to', { dtype: 'torch.float32' }), method('float')]],
];

describe.each(UNARY)('%s %j', (op, attrs, calls) => {
  it.each(calls.map((call) => [`${call.op} ${call.target}`, call] as const))('is %s', (_, call) => {
    expect(resolve(call)).toEqual({ op, operands: [operand], attrs });
  });
});

describe.each([
  ['add', ['torch.add', 'operator.add', 'operator.iadd']],
  ['sub', ['torch.sub', 'operator.sub']],
  ['mul', ['torch.mul', 'operator.mul']],
  ['div', ['torch.div', 'operator.truediv']],
  ['matmul', ['torch.matmul', 'operator.matmul']],
] as const)('%s', (op, functions) => {
  const y = { kind: 'node', node: 'y' };
  it.each(functions)('is %s', (target) => {
    expect(resolve(fn(target, [x, to('y')]))).toEqual({ op, operands: [operand, y], attrs: {} });
    expect(resolve(fn(target, [x], { other: 0.5 }))).toEqual({
      op,
      operands: [operand, { kind: 'number', value: 0.5 }],
      attrs: {},
    });
  });
  it('is the method, and keeps the order of its operands', () => {
    expect(resolve(method(op, to('y')))?.operands).toEqual([operand, y]);
    expect(resolve(fn(functions[0], [2, x]))?.operands).toEqual([{ kind: 'number', value: 2 }, operand]);
  });
});

const LINEAR_ATTRS = { in_features: 3, out_features: 2, bias: true };
const linear = { weight: 'm.weight', bias: 'm.bias', inFeatures: 3, outFeatures: 2 };

/** Module type, its attributes, what it means. */
const MODULES: readonly (readonly [string, ModuleSpec['attrs'], OpName, object])[] = [
  [LINEAR, LINEAR_ATTRS, 'linear', { ...linear, relu: false, functional: false }],
  [
    LINEAR,
    { ...LINEAR_ATTRS, bias: false },
    'linear',
    { ...linear, bias: null, relu: false, functional: false },
  ],
  [LINEAR_RELU, LINEAR_ATTRS, 'linear', { ...linear, relu: true, functional: false }],
  [MIN_MAX_OBSERVER, {}, 'observer', {}],
  [FIXED_QPARAMS_OBSERVER, {}, 'observer', {}],
  [INPUT_EQUALIZATION_OBSERVER, {}, 'equalization_observer', {}],
  ['torch.nn.ReLU', { inplace: true }, 'relu', {}],
  ['torch.nn.Sigmoid', {}, 'sigmoid', {}],
  ['torch.nn.Tanh', {}, 'tanh', {}],
  ['torch.nn.Identity', {}, 'identity', {}],
  ['torch.nn.Dropout', { p: 0.5, inplace: false }, 'dropout', {}],
  ['torch.nn.LeakyReLU', {}, 'leaky_relu', { negativeSlope: 0.01 }],
  ['torch.nn.LeakyReLU', { negative_slope: 0.3 }, 'leaky_relu', { negativeSlope: 0.3 }],
  ['torch.nn.Softmax', { dim: 1 }, 'softmax', { dim: 1 }],
  ['torch.nn.Flatten', {}, 'flatten', { startDim: 1, endDim: -1 }],
  ['torch.nn.Flatten', { start_dim: 0, end_dim: 2 }, 'flatten', { startDim: 0, endDim: 2 }],
];

it.each(MODULES)('the module %s %j is %s', (type, attrs, op, expected) => {
  const call = resolve(callModule('f', 'm', [x]), { m: { type, attrs } });
  expect(call).toEqual({ op, operands: [operand], attrs: expected });
});

it('F.linear takes weight and bias from constants, by position or keyword', () => {
  const attrs = { weight: 'w', bias: 'v', inFeatures: 3, outFeatures: 2, relu: false, functional: true };
  const expected = { op: 'linear', operands: [operand], attrs };
  expect(resolve(fn(`${F}.linear`, [x, to('w'), to('b')]))).toEqual(expected);
  expect(resolve(fn(`${F}.linear`, [x], { weight: to('w'), bias: to('b') }))).toEqual(expected);
  const none = { ...expected, attrs: { ...attrs, bias: null } };
  expect(resolve(fn(`${F}.linear`, [x, to('w'), null]))).toEqual(none);
  expect(resolve(fn(`${F}.linear`, [x, to('w')]))).toEqual(none);
});

it('quantize_per_tensor reads scale and zero point as operands', () => {
  const call = resolve(fn('torch.quantize_per_tensor', [x, to('w'), to('v'), { dtype: 'torch.quint8' }]));
  expect(call?.operands.map((o) => (o.kind === 'number' ? o.value : o.node))).toEqual(['x', 'w', 'v']);
  expect(call?.attrs).toEqual({ dtype: 'torch.quint8' });
});
