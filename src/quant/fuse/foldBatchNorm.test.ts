import { describe, expect, it } from 'vitest';
import { noise, type TestModel } from '../../exec/testModel';
import { applyChange, revertChange } from '../../graph/change';
import { lint } from '../../graph/lint';
import type { Model, ModuleSpec } from '../../graph/model';
import { asFloat, floatTensor } from '../../graph/tensor';
import { floatModel } from '../floatModel';
import { type Build, buildModel, observe, observedText } from '../testPrepare';
import { foldBatchNorm } from './foldBatchNorm';
import { fuse } from './fuse';

const F_RELU = 'torch.nn.functional.relu';
const RELU = { type: 'torch.nn.ReLU' };
const seeded = (seed: number, ...shape: number[]) =>
  floatTensor(
    shape,
    noise(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
  );

interface Options {
  readonly bias?: boolean;
  readonly affine?: boolean;
  readonly dims?: number;
}

/** A layer named `a` with 2 inputs and 3 outputs, or 3 and 3. */
const conv = (g: TestModel, input = 'x', { bias = true, inputs = 2 } = {}) =>
  g.module('a', input, {
    type: 'torch.nn.Conv2d',
    attrs: { in_channels: inputs, out_channels: 3, kernel_size: [1, 2], bias },
    tensors: { weight: seeded(1, 3, inputs, 1, 2), ...(bias && { bias: seeded(2, 3) }) },
  });
const linear = (g: TestModel, input = 'x', bias = true) =>
  g.module('a', input, {
    type: 'torch.nn.Linear',
    attrs: { in_features: 2, out_features: 3, bias },
    tensors: { weight: seeded(1, 3, 2), ...(bias && { bias: seeded(2, 3) }) },
  });
const norm = (g: TestModel, input: string, { affine = true, dims = 2 }: Options = {}, name = 'b') =>
  g.module(name, input, {
    type: `torch.nn.BatchNorm${dims}d`,
    attrs: { num_features: 3, eps: 1e-3, affine },
    tensors: {
      running_mean: seeded(10, 3),
      running_var: floatTensor(
        [3],
        seeded(11, 3).data.map((v) => Math.abs(v) + 0.5),
      ),
      ...(affine && { weight: seeded(12, 3), bias: seeded(13, 3) }),
    },
  });

const CONV_WEIGHT = [
  0.2297937, 0.35886693, -0.4817906, -0.28680217, 0.07228788, 0.5284879, -0.32213572, -0.63474244,
  0.0021667886, -0.04739383, 0.032902867, 0.055489622,
];
const LINEAR_WEIGHT = [0.2297937, 0.35886693, -0.70903677, -0.42207813, 0.006640138, 0.048545245];

/** Weight and bias that PyTorch 1.13.1's fuse_conv_bn_weights and fuse_linear_bn_weights give. */
const TORCH: Record<string, readonly [Build, readonly number[], readonly number[]]> = {
  conv: [(g) => norm(g, conv(g)), CONV_WEIGHT, [0.47919923, 1.3078376, -0.48989612]],
  'a conv without bias': [
    (g) => norm(g, conv(g, 'x', { bias: false })),
    CONV_WEIGHT,
    [0.2490289, 0.6499787, -0.51471937],
  ],
  'a normalization that is not affine': [
    (g) => norm(g, conv(g), { affine: false }),
    [
      0.4773077, 0.7454076, -1.0007341, -0.5957208, 0.0984816, 0.7199871, -0.43886253, -0.86474323,
      0.030066703, -0.6576443, 0.45656538, 0.76998276,
    ],
    [-0.0062584993, 0.5345953, 0.95219994],
  ],
  Linear: [(g) => norm(g, linear(g), { dims: 1 }), LINEAR_WEIGHT, [0.47919923, 1.3078376, -0.48989612]],
  'a Linear without bias': [
    (g) => norm(g, linear(g, 'x', false), { dims: 1 }),
    LINEAR_WEIGHT,
    [0.2490289, 0.6499787, -0.51471937],
  ],
};
const tensorOf = (model: Model, name: string) =>
  asFloat(Object.entries(model.params).find(([param]) => param === name)?.[1], name);

describe('foldBatchNorm', () => {
  it.each(Object.entries(TORCH))('%s: PyTorch’s numbers, bit for bit', (_, [build, weight, bias]) => {
    const before = buildModel(build);
    const { model, changes } = foldBatchNorm(before);
    lint(model);
    expect(tensorOf(model, 'a.weight').data).toEqual(Float32Array.from(weight));
    expect(tensorOf(model, 'a.bias').data).toEqual(Float32Array.from(bias));
    expect(model.graph.nodes.map((node) => node.name)).toEqual(['x', 'a', 'output']);
    expect(Object.keys(model.modules)).toEqual(['a']);
    expect(Object.keys(model.params)).toEqual(['a.weight', 'a.bias']);
    expect(changes.reduce(applyChange, before.graph)).toEqual(model.graph);
    expect(changes.reduceRight(revertChange, model.graph)).toEqual(before.graph);
  });

  it.each<[string, Build]>([
    [
      'another reader of the layer',
      (g) => {
        const a = conv(g);
        return g.call('add', 'operator.add', norm(g, a), a);
      },
    ],
    ['a normalization of other dimensions', (g) => norm(g, conv(g), { dims: 1 })],
    ['a ReLU between', (g) => norm(g, g.module('r', conv(g), RELU))],
    [
      'two normalizations of one module',
      (g) => {
        const first = norm(g, conv(g, 'x', { inputs: 3 }));
        return norm(g, g.again('a_1', 'a', first), {}, 'c');
      },
    ],
    ['a call without a normalization', (g) => g.again('a_1', 'a', norm(g, conv(g, 'x', { inputs: 3 })))],
    [
      'a weight that is read elsewhere',
      (g) => {
        const b = norm(g, conv(g));
        return [b, g.call('add', 'operator.add', g.constant('a.weight', seeded(1, 3, 2, 1, 2)), 1)];
      },
    ],
  ])('leaves the model alone: %s', (_, build) => {
    const before = buildModel(build);
    expect(foldBatchNorm(before)).toEqual({ model: before, changes: [] });
  });

  it('leaves a Linear of more than two axes alone: the normalization is of another axis', () => {
    const before = { ...buildModel(TORCH.Linear?.[0] ?? (() => 'x')), inputShapes: { x: ['n', 3, 2] } };
    expect(foldBatchNorm(before).changes).toEqual([]);
  });

  it('folds a pair that is called twice, and keeps a normalization that others call', () => {
    const twice = buildModel((g) =>
      g.again('b_1', 'b', g.again('a_1', 'a', norm(g, conv(g, 'x', { inputs: 3 })))),
    );
    expect(foldBatchNorm(twice).model.graph.nodes.map((node) => node.name)).toEqual([
      'x',
      'a',
      'a_1',
      'output',
    ]);
    const shared = buildModel((g) => g.again('b_1', 'b', norm(g, conv(g))));
    const { model } = foldBatchNorm(shared);
    expect(model.graph.nodes.map((node) => node.name)).toEqual(['x', 'a', 'b_1', 'output']);
    expect(Object.keys(model.modules)).toEqual(['a', 'b']);
    expect(tensorOf(model, 'b.running_mean').data).toEqual(seeded(10, 3).data);
  });
});

const typeOf = (model: Model, name: string): string | undefined =>
  Object.entries<ModuleSpec>(model.modules).find(([key]) => key === name)?.[1].type;

/** What PyTorch 1.13.1 prepares, in the form of insertObservers.test.ts, and the layer's type after fusing. */
const PREPARED: Record<string, readonly [Build, string, string]> = {
  'conv, bn': [(g) => norm(g, conv(g)), 'a(x*); output(a*) | x minmax, a minmax', 'torch.nn.Conv2d'],
  'conv, bn, nn.ReLU': [
    (g) => g.module('r', norm(g, conv(g)), RELU),
    'a(x*); output(a*) | x minmax, a minmax',
    'torch.nn.intrinsic.ConvReLU2d',
  ],
  'conv, F.relu': [
    (g) => g.call('relu', F_RELU, conv(g)),
    'a(x*); output(a*) | x minmax, a minmax',
    'torch.nn.intrinsic.ConvReLU2d',
  ],
  'conv, torch.relu': [
    (g) => g.call('relu', 'torch.relu', conv(g)),
    'a(x*); relu(a*); output(relu) | x minmax, a minmax',
    'torch.nn.Conv2d',
  ],
  'conv, ReLU, bn': [
    (g) => norm(g, g.module('r', conv(g), RELU)),
    'a(x*); b(a*); output(b*) | x minmax, a minmax, b minmax',
    'torch.nn.intrinsic.ConvReLU2d',
  ],
  'conv, bn of one dimension': [
    (g) => norm(g, conv(g), { dims: 1 }),
    'a(x*); b(a*); output(b) | x minmax, a minmax',
    'torch.nn.Conv2d',
  ],
  'conv, bn, which ReLU and a sum read': [
    (g) => {
      const b = norm(g, conv(g));
      return g.call('add', 'operator.add', g.module('r', b, RELU), b);
    },
    'a(x*); r(a*); add(r*, a*); output(add*) | x minmax, a minmax, r as a, add minmax',
    'torch.nn.Conv2d',
  ],
  'Linear, bn': [
    (g) => norm(g, linear(g), { dims: 1 }),
    'a(x*); output(a*) | x minmax, a minmax',
    'torch.nn.Linear',
  ],
  'Linear, bn, nn.ReLU': [
    (g) => g.module('r', norm(g, linear(g), { dims: 1 }), RELU),
    'a(x*); r(a); output(r*) | x minmax, r minmax',
    'torch.nn.Linear',
  ],
  'Linear, bn, F.relu': [
    (g) => g.call('relu', F_RELU, norm(g, linear(g), { dims: 1 })),
    'a(x*); relu(a); output(relu*) | x minmax, relu minmax',
    'torch.nn.Linear',
  ],
  'bn, ReLU': [
    (g) => g.call('relu', F_RELU, norm(g, 'x', {}, 'a')),
    'a(x*); output(a*) | x minmax, a minmax',
    'torch.nn.intrinsic.BNReLU2d',
  ],
  'bn, method relu': [
    (g) => g.method('relu', 'relu', norm(g, 'x', {}, 'a')),
    'a(x*); relu(a*); output(relu*) | x minmax, a minmax, relu as a',
    'torch.nn.BatchNorm2d',
  ],
  'bn of one dimension, ReLU': [
    (g) => g.call('relu', F_RELU, norm(g, 'x', { dims: 1 }, 'a')),
    'a(x); relu(a*); output(relu*) | a minmax, relu as a',
    'torch.nn.BatchNorm1d',
  ],
};

describe('prepare of layers, normalizations and ReLUs', () => {
  it.each(Object.entries(PREPARED))('%s', (_, [build, text, type]) => {
    const model = buildModel(build);
    expect(observedText(model)).toBe(text);
    expect(typeOf(fuse(model).model, 'a')).toBe(type);
  });

  it.each(Object.entries(PREPARED))('%s: the float model is the folded one, ReLU apart', (_, [build]) => {
    const model = buildModel(build);
    const back = floatModel(observe(model));
    lint(back);
    const { model: folded } = foldBatchNorm(model);
    expect(back.graph).toEqual(folded.graph);
    expect(back.params).toEqual(folded.params);
    for (const spec of Object.values<ModuleSpec>(back.modules)) {
      expect(spec.type).toMatch(/^torch\.nn\.[A-Z]/);
      expect(Object.keys(spec.attrs).filter((key) => /^(relu_|batch_norm_)/.test(key))).toEqual([]);
    }
  });
});
