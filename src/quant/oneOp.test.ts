import { describe, expect, it } from 'vitest';
import type { TestModel } from '../exec/testModel';
import { nodeName } from '../graph/ids';
import { floatTensor } from '../graph/tensor';
import { QCONFIG_PRESETS } from './qconfig';
import { mappingOf } from './qconfigMapping';
import { type Build, buildModel, observe, observedText } from './testPrepare';

const F = 'torch.nn.functional';
const RELU = { type: 'torch.nn.ReLU' };
const square = [
  [1, 2],
  [3, 4],
];
const fc = (g: TestModel, input = 'x') => g.linear('fc', input, square);
const add = (g: TestModel, other: string | number = fc(g)) => g.call('add', 'operator.add', 'x', other);
const functional = (g: TestModel) => {
  const weight = g.constant('w', floatTensor([2, 2], Float32Array.of(1, 2, 3, 4)));
  return g.call('linear', `${F}.linear`, 'x', weight);
};
const ones = (...shape: readonly number[]) =>
  floatTensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1));
const convNorm = (g: TestModel) => {
  const attrs = { in_channels: 1, out_channels: 1, kernel_size: [1, 1], bias: false };
  const conv = { type: 'torch.nn.Conv2d', attrs, tensors: { weight: ones(1, 1, 1, 1) } };
  const one = ones(1);
  const tensors = { weight: one, bias: one, running_mean: one, running_var: one };
  const norm = { type: 'torch.nn.BatchNorm2d', attrs: { num_features: 1, eps: 1e-5 }, tensors };
  return g.module('norm', g.module('conv', 'x', conv), norm);
};
const PAIR = 'fc(x*); add(x*, fc*); relu(add); output(relu*) | x minmax, fc minmax, relu minmax';

/** What PyTorch 1.13.1 prepared, as in insertObservers.test.ts. */
const TORCH: Record<string, readonly [Build, string]> = {
  'add, F.relu': [(g) => g.call('relu', `${F}.relu`, add(g)), PAIR],
  'add, torch.relu': [(g) => g.call('relu', 'torch.relu', add(g)), PAIR],
  'add, nn.ReLU': [(g) => g.module('relu', add(g), RELU), PAIR],
  'add, method relu': [
    (g) => g.method('relu', 'relu', add(g)),
    'fc(x*); add(x*, fc*); relu(add*); output(relu*) | x minmax, fc minmax, add minmax, relu as add',
  ],
  'mul, F.relu': [
    (g) => g.call('relu', `${F}.relu`, g.call('mul', 'operator.mul', 'x', fc(g))),
    'fc(x*); mul(x*, fc*); relu(mul); output(relu*) | x minmax, fc minmax, relu minmax',
  ],
  'x + 1, F.relu': [
    (g) => g.call('relu', `${F}.relu`, add(g, 1)),
    'add(x*); relu(add); output(relu*) | x minmax, relu as x',
  ],
  'add read by F.relu and a product': [
    (g) => {
      const sum = add(g);
      return g.call('mul', 'operator.mul', g.call('relu', `${F}.relu`, sum), sum);
    },
    'fc(x*); add(x*, fc*); relu(add*); mul(relu*, add*); output(mul*) | x minmax, fc minmax, add minmax, relu as add, mul minmax',
  ],
  'BatchNorm and two ReLUs behind a convolution': [
    (g) => {
      const relu = g.call('relu', `${F}.relu`, convNorm(g));
      return g.call('again', `${F}.relu`, relu);
    },
    'conv(x*); again(conv*); output(again*) | x minmax, conv minmax, again as conv',
  ],
  'matmul, F.relu': [
    (g) => g.call('relu', `${F}.relu`, g.call('matmul', 'torch.matmul', 'x', fc(g))),
    'fc(x*); matmul(x*, fc*); relu(matmul*); output(relu*) | x minmax, fc minmax, matmul minmax, relu as matmul',
  ],
};

const FUNCTIONAL: Record<string, readonly [Build, string]> = {
  'F.linear': [functional, 'linear(x*, w*); output(linear*) | x minmax, w minmax, linear minmax'],
  'F.linear, F.relu': [
    (g) => g.call('relu', `${F}.relu`, functional(g)),
    'linear(x*, w*); relu(linear); output(relu*) | x minmax, w minmax, relu minmax',
  ],
  'F.linear, nn.ReLU': [
    (g) => g.module('relu', functional(g), RELU),
    'linear(x*, w*); relu(linear); output(relu*) | x minmax, w minmax, relu minmax',
  ],
  'F.linear, torch.relu': [
    (g) => g.call('relu', 'torch.relu', functional(g)),
    'linear(x*, w*); relu(linear*); output(relu) | x minmax, w minmax, linear minmax',
  ],
  'F.linear, F.leaky_relu': [
    (g) => g.call('f', `${F}.leaky_relu`, functional(g)),
    'linear(x*, w*); f(linear*); output(f*) | x minmax, w minmax, linear minmax, f minmax',
  ],
};

describe('an op and the ReLU behind it are observed as prepare_fx observes them', () => {
  it.each(Object.entries({ ...TORCH, ...FUNCTIONAL }))('%s', (_, [graph, expected]) => {
    expect(observedText(buildModel(graph))).toBe(expected);
  });
});

describe('an op and its ReLU of which one stays in float', () => {
  const float = (name: string) => ({ ...mappingOf(QCONFIG_PRESETS.default), byName: { [name]: null } });
  it.each([
    ['linear', functional, 'linear(x, w); relu(linear); output(relu) | '],
    ['relu', functional, 'linear(x, w); relu(linear); output(relu) | '],
    ['add', add, 'fc(x*); add(x, fc*); relu(add); output(relu) | x minmax, fc minmax'],
  ])('%s: neither is observed, as in PyTorch', (name, op, expected) => {
    const model = buildModel((g) => g.call('relu', `${F}.relu`, op(g)));
    expect(observedText(model, float(name))).toBe(expected);
  });
});

describe('an observer', () => {
  it('is named after its value, as the seed names it, and by a free name', () => {
    const model = buildModel((g) => {
      g.input('x_activation_post_process_0');
      return fc(g);
    });
    const names = observe(model).graph.nodes.map((node) => node.name);
    expect(names).toEqual([
      'x',
      'x_activation_post_process_1',
      'x_activation_post_process_0',
      'fc',
      'fc_activation_post_process_0',
      'output',
    ]);
  });

  it('is a module of the model with the qconfig of its activations', () => {
    const { modules, observers } = observe(buildModel(fc));
    expect(modules['x_activation_post_process_0' as never]).toEqual({
      type: 'torch.ao.quantization.observer.MinMaxObserver',
      attrs: { dtype: 'torch.quint8', qscheme: 'torch.per_tensor_affine', quant_min: 0, quant_max: 127 },
    });
    expect(Object.values(observers).map(({ min, max }) => [min, max])).toEqual([
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ]);
  });

  it.each([
    ['torch.sigmoid', { scale: 1 / 256, zeroPoint: 0 }],
    ['torch.tanh', { scale: 1 / 128, zeroPoint: 128 }],
  ])('of %s has fixed parameters of all 256 values', (target, fixed) => {
    const { observers } = observe(buildModel((g) => g.call('f', target, fc(g))));
    const observer = observers['f_activation_post_process_0' as never];
    expect(observer).toMatchObject({ kind: 'fixed', qparams: fixed, spec: { quantMin: 0, quantMax: 255 } });
  });

  it('stands behind its value, in front of every reader', () => {
    const { graph } = observe(buildModel((g) => [g.call('add', 'operator.add', 'x', fc(g)), 'x']));
    expect(graph.nodes[1]?.name).toBe(nodeName('x_activation_post_process_0'));
    expect(graph.nodes.at(-1)?.args).toEqual([[{ node: 'add_activation_post_process_0' }, { node: 'x' }]]);
  });
});
