import { describe, expect, it } from 'vitest';
import type { Attribute, ModuleSpec } from '../model';
import type { Node } from '../node';
import type { OpName } from '../op';
import { floatTensor } from '../tensor';
import { callMethod, callModule, constant, placeholder, to } from '../testGraph';
import { F, fn, method, resolverBehind, x } from './testCalls';

/* Spellings of the ops with windows, axes and tensors, as public/fx_export.py writes them. */

const zeros = (...shape: number[]) => floatTensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
const params = { v: zeros(4), m: zeros(4, 3), c1: zeros(6, 2, 3), c2: zeros(6, 2, 3, 2) };
const surroundings = [placeholder('x'), ...Object.keys(params).map((name) => constant(name))];

const resolve = resolverBehind(surroundings, params);

const CALLS: readonly (readonly [OpName, object, readonly Node[]])[] = [
  ['relu6', {}, [fn(`${F}.relu6`, [x], { inplace: false })]],
  [
    'pow',
    { exponent: 2 },
    [
      fn('torch.pow', [x, 2]),
      fn('operator.pow', [x, 2]),
      callMethod('f', 'pow', [x], { exponent: 2 }),
      fn('torch.square'),
      method('square'),
    ],
  ],
  ['sqrt', {}, [fn('torch.sqrt'), method('sqrt')]],
  ['rsqrt', {}, [fn('torch.rsqrt'), method('rsqrt')]],
  ['reciprocal', {}, [fn('torch.reciprocal'), method('reciprocal')]],
  ['erf', {}, [fn('torch.erf'), fn('torch.special.erf'), method('erf')]],
  ['silu', {}, [fn(`${F}.silu`, [x], { inplace: false })]],
  ['gelu', { approximate: 'none' }, [fn(`${F}.gelu`), fn('torch._C._nn.gelu')]],
  ['gelu', { approximate: 'tanh' }, [fn(`${F}.gelu`, [x], { approximate: 'tanh' })]],
  ['elu', { alpha: 0.5 }, [fn(`${F}.elu`, [x], { alpha: 0.5, inplace: false })]],
  ['hardtanh', { min: -1, max: 2 }, [fn(`${F}.hardtanh`, [x], { min_val: -1, max_val: 2, inplace: false })]],
  [
    'hardtanh',
    { min: 0, max: Number.POSITIVE_INFINITY },
    [fn('torch.clamp', [x, 0]), callMethod('f', 'clamp', [x], { min: 0 })],
  ],
  ['prelu', { weight: 'v' }, [fn('torch.prelu', [x, to('v')]), method('prelu', to('v'))]],
  [
    'permute',
    { order: [0, 2, 1] },
    [fn('torch.permute', [x, [0, 2, 1]]), method('permute', 0, 2, 1), method('permute', [0, 2, 1])],
  ],
  ['mean', { dims: null, keepDim: false }, [fn('torch.mean'), method('mean')]],
  ['mean', { dims: [1, 2], keepDim: true }, [callMethod('f', 'mean', [x, [1, 2]], { keepdim: true })]],
  ['mean', { dims: [-1], keepDim: true }, [method('mean', -1, true), fn('torch.mean', [x, -1, true])]],
  ['squeeze', { dims: null }, [fn('torch.squeeze'), method('squeeze')]],
  ['squeeze', { dims: [1] }, [fn('torch.squeeze', [x, 1]), method('squeeze', 1)]],
  ['unsqueeze', { dim: -1 }, [fn('torch.unsqueeze', [x, -1]), method('unsqueeze', -1)]],
  [
    'layer_norm',
    { weight: 'v', bias: 'v', normalizedShape: [4], eps: 1e-5 },
    [
      fn(`${F}.layer_norm`, [x, [4]], { weight: to('v'), bias: to('v'), eps: 1e-5 }),
      fn('torch.layer_norm', [x, [4], to('v'), to('v'), 1e-5, true]),
    ],
  ],
  [
    'embedding',
    { weight: 'm', count: 4, width: 3 },
    [
      fn(`${F}.embedding`, [x, to('m')], { padding_idx: null, max_norm: null, norm_type: 2, sparse: false }),
      fn('torch.embedding', [to('m'), x]),
    ],
  ],
  [
    'batch_norm',
    { weight: null, bias: null, mean: 'v', variance: 'v', features: 4, eps: 0.1, dims: null, relu: false },
    [
      fn(`${F}.batch_norm`, [x, to('v'), to('v')], { training: false, momentum: 0.1, eps: 0.1 }),
      fn('torch.batch_norm', [x, null, null, to('v'), to('v'), false, 0.1, 0.1, true]),
    ],
  ],
  [
    'conv',
    {
      weight: 'c2',
      bias: null,
      dims: 2,
      inChannels: 4,
      outChannels: 6,
      kernelSize: [3, 2],
      stride: [1, 1],
      padding: [
        [1, 1],
        [0, 1],
      ],
      dilation: [1, 1],
      groups: 2,
      relu: false,
      functional: true,
    },
    [
      fn('torch.conv2d', [x, to('c2')], { padding: 'same', groups: 2 }),
      fn(`${F}.conv2d`, [x, to('c2'), null, [1], 'same', 1, 2]),
    ],
  ],
  [
    'max_pool',
    {
      dims: 2,
      kernelSize: [3, 3],
      stride: [3, 3],
      padding: [
        [1, 1],
        [1, 1],
      ],
      dilation: [1, 1],
      ceilMode: false,
    },
    [
      fn(`${F}.max_pool2d`, [x, 3], { stride: null, padding: 1, dilation: 1, return_indices: false }),
      fn('torch.max_pool2d', [x, [3, 3], [], 1]),
    ],
  ],
  [
    'avg_pool',
    {
      dims: 2,
      kernelSize: [2, 3],
      stride: [2, 3],
      padding: [
        [0, 0],
        [0, 0],
      ],
      dilation: [1, 1],
      ceilMode: true,
      countIncludePad: true,
      divisor: null,
    },
    [
      fn(`${F}.avg_pool2d`, [x, [2, 3]], { ceil_mode: true }),
      fn('torch._C._nn.avg_pool2d', [x, [2, 3], null, 0, true]),
    ],
  ],
  [
    'adaptive_avg_pool',
    { dims: 2, outputSize: [1, null] },
    [fn(`${F}.adaptive_avg_pool2d`, [x, [1, null]]), fn('torch._C._nn.adaptive_avg_pool2d', [x, [1, null]])],
  ],
  ['adaptive_avg_pool', { dims: 1, outputSize: [2] }, [fn('torch.adaptive_avg_pool1d', [x, 2])]],
  [
    'getitem',
    {
      index: [
        { kind: 'slice', start: null, stop: null, step: 1 },
        { kind: 'at', position: -1 },
      ],
    },
    [fn('operator.getitem', [x, [{ slice: [null, null, null] }, -1]])],
  ],
  [
    'getitem',
    { index: [{ kind: 'rest' }, { kind: 'new' }, { kind: 'slice', start: 1, stop: -1, step: 2 }] },
    [fn('operator.getitem', [x, [{ ellipsis: true }, null, { slice: [1, -1, 2] }]])],
  ],
];

describe.each(CALLS)('%s %j', (op, attrs, calls) => {
  it.each(calls.map((call) => [`${call.op} ${call.target}`, call] as const))('is %s', (_, call) => {
    expect(resolve(call)).toEqual({ op, operands: [{ kind: 'node', node: 'x' }], attrs });
  });
});

it.each([
  fn('torch.cat', [[x, to('v')], 1]),
  fn('torch.cat', [[x, to('v')]], { dim: 1 }),
  fn('torch.concat', [[x, to('v')]], { axis: 1 }),
])('cat reads its list: $args $kwargs', (call) => {
  const operands = ['x', 'v'].map((node) => ({ kind: 'node', node }));
  expect(resolve(call)).toEqual({ op: 'cat', operands, attrs: { dim: 1 } });
});

const CONV = { in_channels: 4, out_channels: 6, kernel_size: [3] };
const module = (type: string, attrs: Readonly<Record<string, Attribute>>) =>
  [callModule('m', 'm', [x]), { m: { type: `torch.nn.${type}`, attrs } }] as const;

describe('refused, with the name of the node or module', () => {
  it.each<readonly [string, readonly [Node, Readonly<Record<string, ModuleSpec>>?], string]>([
    ['a computed weight', [fn('torch.conv1d', [x, x])], "needs a tensor from a get_attr node for 'weight'"],
    ['a weight of other axes', [fn('torch.conv1d', [x, to('c2')])], 'needs a weight of 3 axes'],
    [
      'a stride beside same',
      [fn('torch.conv1d', [x, to('c1'), null, 2, 'same'])],
      "padding 'same' needs stride 1",
    ],
    [
      'a padding by name',
      [fn('torch.conv1d', [x, to('c1'), null, 1, 'full'])],
      "padding 'full' is not known",
    ],
    [
      'too many sizes',
      [fn('torch.conv1d', [x, to('c1'), null, [1, 2]])],
      "one or 1 whole numbers for 'stride'",
    ],
    [
      'groups that do not divide',
      [fn('torch.conv1d', [x, to('c1'), null, 1, 0, 1, 4])],
      '4 groups do not divide',
    ],
    [
      'reflected padding',
      module('Conv1d', { ...CONV, padding_mode: 'reflect' }),
      'Module \'m\' (torch.nn.Conv1d): padding_mode "reflect"',
    ],
    ['a stride of 0', module('Conv1d', { ...CONV, stride: 0 }), 'must be whole numbers of 1 or more'],
    [
      'no kernel size',
      module('Conv1d', { ...CONV, kernel_size: null }),
      "attribute 'kernel_size' must be a whole number",
    ],
    [
      'statistics of the batch',
      module('BatchNorm2d', { num_features: 4, track_running_stats: false }),
      'track_running_stats=False',
    ],
    [
      'training',
      [fn(`${F}.batch_norm`, [x, to('v'), to('v'), null, null, true])],
      'training=true is not supported',
    ],
    [
      'max_norm',
      module('Embedding', { num_embeddings: 4, embedding_dim: 3, max_norm: 1 }),
      'max_norm, which rescales',
    ],
    ['another GELU', module('GELU', { approximate: 'fast' }), "approximate must be 'none' or 'tanh'"],
    [
      'indices of maxima',
      module('MaxPool2d', { kernel_size: 2, return_indices: true }),
      'return_indices is not supported',
    ],
    [
      'too much padding',
      module('AvgPool2d', { kernel_size: 2, padding: 2 }),
      'must be at most half of the kernel size',
    ],
    [
      'no windows',
      module('AdaptiveAvgPool2d', { output_size: [0, 1] }),
      'output_size must be one or 2 whole numbers above 0',
    ],
    [
      'two indices that are tensors',
      [fn('operator.getitem', [x, [to('v'), to('v')]])],
      'is indexed with a list or a tensor beside other indices',
    ],
    [
      'an index that is a list of fractions',
      [fn('operator.getitem', [x, [[0.5, 1]]])],
      'is indexed with a list that holds 0.5',
    ],
    ['a negative step', [fn('operator.getitem', [x, { slice: [null, null, -1] }])], 'with step -1'],
    [
      'two ellipses',
      [fn('operator.getitem', [x, [{ ellipsis: true }, { ellipsis: true }]])],
      'more than one ellipsis',
    ],
    [
      'a slice by a value',
      [fn('operator.getitem', [x, { slice: [x, null, null] }])],
      'whole numbers and sizes of tensors are supported',
    ],
    ['cat of nothing', [fn('torch.cat', [[]])], "needs a list of tensors for 'tensors'"],
    [
      'a mean in another type',
      [fn('torch.mean', [x], { dtype: { dtype: 'torch.float64' } })],
      'is not supported',
    ],
  ])('%s', (_, [node, modules], message) => {
    expect(() => resolve(node, modules)).toThrow(message);
  });
});
