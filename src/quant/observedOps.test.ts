import { describe, expect, it } from 'vitest';
import type { TestModel } from '../exec/testModel';
import { floatTensor } from '../graph/tensor';
import { to } from '../graph/testGraph';
import { type Build, buildModel, observedText } from './testPrepare';

const F = 'torch.nn.functional';
const square = [
  [1, 2],
  [3, 4],
];
const fc = (g: TestModel, input = 'x', name = 'fc') => g.linear(name, input, square);
const vector = (g: TestModel, name: string) => g.constant(name, floatTensor([2], Float32Array.of(1, 2)));
const cat = (g: TestModel, ...inputs: string[]) => g.call('cat', 'torch.cat', inputs.map(to), 1);

/** How PyTorch 1.13.1 prepares an op that reads `x` alone: it shares x's observer, has its own, or stays in float. */
const MODULES: Record<string, readonly [expected: 'shared' | 'own' | 'float', attrs?: object]> = {
  ReLU6: ['shared'],
  Hardtanh: ['shared'],
  PReLU: ['own'],
  ELU: ['own'],
  SiLU: ['float'],
  GELU: ['float'],
  LayerNorm: ['own', { normalized_shape: [2] }],
  Embedding: ['float', { num_embeddings: 2, embedding_dim: 2 }],
  BatchNorm1d: ['float', { num_features: 2 }],
  BatchNorm2d: ['own', { num_features: 2 }],
  BatchNorm3d: ['own', { num_features: 2 }],
  ...Object.fromEntries(
    [1, 2, 3].flatMap((dims) => [
      [`MaxPool${dims}d`, ['shared', { kernel_size: 2 }]],
      [`AvgPool${dims}d`, ['shared', { kernel_size: 2 }]],
      [`AdaptiveAvgPool${dims}d`, ['shared', { output_size: 1 }]],
      [`Conv${dims}d`, ['own', { in_channels: 2, out_channels: 2, kernel_size: 1 }]],
    ]),
  ),
};
const CALLS: Record<
  string,
  readonly [expected: 'shared' | 'own' | 'float', build: (g: TestModel) => string]
> = {
  'F.relu6': ['shared', (g) => g.call('op', `${F}.relu6`, 'x')],
  'F.hardtanh': ['shared', (g) => g.call('op', `${F}.hardtanh`, 'x')],
  'torch.clamp': ['shared', (g) => g.call('op', 'torch.clamp', 'x', 0, 6)],
  'method clamp': ['shared', (g) => g.method('op', 'clamp', 'x', 0, 6)],
  'F.prelu': ['float', (g) => g.call('op', 'torch.prelu', 'x', vector(g, 'w'))],
  'F.elu': ['own', (g) => g.call('op', `${F}.elu`, 'x')],
  'torch.pow': ['float', (g) => g.call('op', 'torch.pow', 'x', 2)],
  'x ** 2': ['float', (g) => g.call('op', 'operator.pow', 'x', 2)],
  'torch.square': ['float', (g) => g.call('op', 'torch.square', 'x')],
  'torch.sqrt': ['float', (g) => g.call('op', 'torch.sqrt', 'x')],
  'torch.rsqrt': ['float', (g) => g.call('op', 'torch.rsqrt', 'x')],
  'torch.reciprocal': ['float', (g) => g.call('op', 'torch.reciprocal', 'x')],
  'torch.erf': ['float', (g) => g.call('op', 'torch.erf', 'x')],
  'F.silu': ['float', (g) => g.call('op', `${F}.silu`, 'x')],
  'F.gelu': ['float', (g) => g.call('op', `${F}.gelu`, 'x')],
  'F.layer_norm': ['own', (g) => g.call('op', `${F}.layer_norm`, 'x', [2])],
  'F.layer_norm with a weight': [
    'float',
    (g) => g.call('op', `${F}.layer_norm`, 'x', [2], vector(g, 'w'), vector(g, 'b')),
  ],
  'F.layer_norm with a bias': ['own', (g) => g.call('op', `${F}.layer_norm`, 'x', [2], null, vector(g, 'b'))],
  'torch.layer_norm': ['float', (g) => g.call('op', 'torch.layer_norm', 'x', [2])],
  'F.batch_norm': ['float', (g) => g.call('op', `${F}.batch_norm`, 'x', vector(g, 'm'), vector(g, 'v'))],
  'torch.permute': ['float', (g) => g.call('op', 'torch.permute', 'x', [1, 0])],
  'method permute': ['shared', (g) => g.method('op', 'permute', 'x', 1, 0)],
  'torch.mean': ['shared', (g) => g.call('op', 'torch.mean', 'x', 1)],
  'method mean': ['shared', (g) => g.method('op', 'mean', 'x', 1)],
  'torch.squeeze': ['shared', (g) => g.call('op', 'torch.squeeze', 'x', 1)],
  'method squeeze': ['shared', (g) => g.method('op', 'squeeze', 'x', 1)],
  'torch.unsqueeze': ['shared', (g) => g.call('op', 'torch.unsqueeze', 'x', 1)],
  'method unsqueeze': ['shared', (g) => g.method('op', 'unsqueeze', 'x', 1)],
  'x[0]': ['float', (g) => g.call('op', 'operator.getitem', 'x', 0)],
  ...Object.fromEntries(
    [1, 2, 3].flatMap((dims) => [
      [`F.max_pool${dims}d`, ['shared', (g: TestModel) => g.call('op', `${F}.max_pool${dims}d`, 'x', 2)]],
      [`torch.max_pool${dims}d`, ['float', (g: TestModel) => g.call('op', `torch.max_pool${dims}d`, 'x', 2)]],
      [`F.avg_pool${dims}d`, ['shared', (g: TestModel) => g.call('op', `${F}.avg_pool${dims}d`, 'x', 2)]],
      [
        `F.adaptive_avg_pool${dims}d`,
        ['shared', (g: TestModel) => g.call('op', `${F}.adaptive_avg_pool${dims}d`, 'x', 1)],
      ],
    ]),
  ),
};
const TEXT = {
  shared: 'op(x*); output(op*) | x minmax, op as x',
  own: 'op(x*); output(op*) | x minmax, op minmax',
  float: 'op(x); output(op) | ',
};

/** Graphs, in the form of insertObservers.test.ts. */
const GRAPHS: Record<string, readonly [Build, string]> = {
  'getitem of a Linear': [
    (g) => g.call('getitem', 'operator.getitem', fc(g), 0),
    'fc(x*); getitem(fc*); output(getitem) | x minmax, fc minmax',
  ],
  'getitem before a Linear': [
    (g) => fc(g, g.call('getitem', 'operator.getitem', 'x', 0)),
    'getitem(x); fc(getitem*); output(fc*) | getitem minmax, fc minmax',
  ],
  'Embedding before a Linear': [
    (g) => {
      const attrs = { num_embeddings: 2, embedding_dim: 2 };
      return fc(
        g,
        g.module('op', 'x', { type: 'torch.nn.Embedding', attrs, tensors: tensorsOf('Embedding') }),
      );
    },
    'op(x); fc(op*); output(fc*) | op minmax, fc minmax',
  ],
  'cat of the input and a Linear': [
    (g) => cat(g, 'x', fc(g)),
    'fc(x*); cat(x*, fc*); output(cat*) | x minmax, fc as x, cat as x',
  ],
  'cat of a Linear and the input': [
    (g) => cat(g, fc(g), 'x'),
    'fc(x*); cat(fc*, x*); output(cat*) | x minmax, fc as x, cat as x',
  ],
  'cat of one value twice': [(g) => cat(g, 'x', 'x'), 'cat(x*); output(cat*) | x minmax, cat as x'],
  'torch.concat': [
    (g) => g.call('concat', 'torch.concat', [to('x'), to(fc(g))], -1),
    'fc(x*); concat(x, fc*); output(concat) | x minmax, fc minmax',
  ],
  'cat of a ReLU and what it reads': [
    (g) => {
      const a = fc(g);
      return cat(g, 'x', g.method('relu', 'relu', a), a);
    },
    'fc(x*); relu(fc*); cat(x*, relu*, fc*); output(cat*) | x minmax, fc as x, relu as x, cat as x',
  ],
  'an observer that was shared before cat took its place': [
    (g) => {
      const a = fc(g);
      const relu = g.method('relu', 'relu', a);
      return [cat(g, 'x', a), g.method('relu_1', 'relu', relu)];
    },
    'fc(x*); relu(fc*); cat(x*, fc*); relu_1(relu*); output(cat*, relu_1*) | x minmax, fc as x, relu minmax, cat as x, relu_1 as relu',
  ],
  'an observer that is shared after cat took its place': [
    (g) => {
      const a = fc(g);
      return [cat(g, 'x', a), g.method('relu', 'relu', a)];
    },
    'fc(x*); cat(x*, fc*); relu(fc*); output(cat*, relu*) | x minmax, fc as x, cat as x, relu as x',
  ],
  'cat of cat': [
    (g) => {
      const inner = cat(g, 'x', fc(g, 'x', 'a'));
      return g.call('cat_1', 'torch.cat', [to(inner), to(fc(g, 'x', 'b'))], 1);
    },
    'a(x*); cat(x*, a*); b(x*); cat_1(cat*, b*); output(cat_1*) | x minmax, a as x, cat as x, b as x, cat_1 as x',
  ],
  'cat of a float op': [
    (g) => cat(g, g.call('gelu', `${F}.gelu`, 'x'), 'x'),
    'gelu(x); cat(gelu*, x*); output(cat*) | x minmax, gelu as x, cat as x',
  ],
  'ReLU of cat': [
    (g) => g.call('relu', `${F}.relu`, cat(g, 'x', fc(g))),
    'fc(x*); cat(x*, fc*); relu(cat*); output(relu*) | x minmax, fc as x, cat as x, relu as x',
  ],
};

describe('prepare_fx', () => {
  it.each(Object.entries(MODULES))('treats nn.%s as', (type, [expected, attrs = {}]) => {
    const model = buildModel((g) =>
      g.module('op', 'x', { type: `torch.nn.${type}`, attrs: { ...attrs }, tensors: tensorsOf(type) }),
    );
    expect(observedText(model)).toBe(TEXT[expected]);
  });

  it.each(Object.entries(CALLS))('treats %s as', (_, [expected, build]) => {
    // Of what the op reads, the constants do not matter.
    expect(observedText(buildModel(build)).replaceAll(/, [wbmv](?=[,)])/g, '')).toBe(TEXT[expected]);
  });

  it.each(Object.entries(GRAPHS))('%s', (_, [build, expected]) => {
    expect(observedText(buildModel(build))).toBe(expected);
  });
});

/** Tensors that lint asks for. */
function tensorsOf(type: string) {
  const zeros = (...shape: number[]) =>
    floatTensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
  const pair = { weight: zeros(2), bias: zeros(2) };
  if (type.startsWith('Conv')) {
    const kernel = new Array<number>(Number(type[4])).fill(1);
    return { weight: zeros(2, 2, ...kernel), bias: zeros(2) };
  }
  if (type.startsWith('BatchNorm')) return { ...pair, running_mean: zeros(2), running_var: zeros(2) };
  return type === 'Embedding' ? { weight: zeros(2, 2) } : pair;
}
