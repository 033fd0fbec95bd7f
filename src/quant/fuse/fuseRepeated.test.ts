import { describe, expect, it } from 'vitest';
import type { TestModel } from '../../exec/testModel';
import { lint } from '../../graph/lint';
import { asFloat, floatTensor } from '../../graph/tensor';
import { type Build, buildModel, observedText } from '../testPrepare';
import { fuse } from './fuse';
import { unfuse } from './unfuse';

const F_RELU = 'torch.nn.functional.relu';
const RELU = { type: 'torch.nn.ReLU', attrs: { inplace: false } };
const square = [
  [1, 2],
  [3, 4],
];
const fc = (g: TestModel, input = 'x') => g.linear('fc', input, square, [1, 2]);
const again = (g: TestModel, input: string) => g.again('fc_1', 'fc', input);
const vector = (...values: number[]) => floatTensor([values.length], Float32Array.from(values));
/** `4 x` per channel, but for a factor: variance 1/16. */
const norm = (g: TestModel, name: string, input: string, factor = 1, affine = true) =>
  g.module(name, input, {
    type: 'torch.nn.BatchNorm1d',
    attrs: { num_features: 2, eps: 0, affine },
    tensors: {
      running_mean: vector(0, 0),
      running_var: vector(1 / 16, 1 / 16),
      ...(affine && { weight: vector(factor, factor), bias: vector(0, 0) }),
    },
  });
const fused = (build: Build) => {
  const { model } = fuse(buildModel(build), 'pytorch');
  lint(model);
  return model;
};
const calls = (model: ReturnType<typeof fused>) =>
  model.graph.nodes.map(({ name }) => name).filter((name) => name !== 'x' && name !== 'output');

/** What PyTorch 1.13.1 makes of them. */
describe('a module that is called twice, in PyTorch semantics', () => {
  it.each<readonly [string, Build]>([
    ['a ReLU behind the first call', (g) => again(g, g.call('relu', F_RELU, fc(g)))],
    ['a ReLU behind the last call', (g) => g.call('relu', F_RELU, again(g, fc(g)))],
    ['one nn.ReLU behind both', (g) => g.again('act_1', 'act', again(g, g.module('act', fc(g), RELU)))],
  ])('takes in %s for both', (_, build) => {
    const model = fused(build);
    expect(calls(model)).toEqual(['fc', 'fc_1']);
    expect(model.modules).toHaveProperty('fc.type', 'torch.nn.intrinsic.LinearReLU');
    const apart = unfuse(model);
    lint(apart);
    expect(calls(apart)).toHaveLength(4);
    expect(apart.modules).toHaveProperty('fc', {
      type: 'torch.nn.Linear',
      attrs: { in_features: 2, out_features: 2, bias: true },
    });
  });

  it('gives the user’s ReLU back where it stood, and makes one up where there was none', () => {
    const apart = unfuse(fused((g) => again(g, g.call('act', F_RELU, fc(g)))));
    expect(calls(apart)).toEqual(['fc', 'act', 'fc_1', 'fc_1_relu']);
  });

  it('has the factors of the normalization behind its last call, also where another was folded', () => {
    const model = fused((g) => norm(g, 'b', again(g, norm(g, 'a', fc(g), 1)), 2));
    expect(calls(model)).toEqual(['fc', 'fc_1']);
    const { params } = model;
    expect(asFloat(Object.entries(params).find(([name]) => name === 'fc.weight')?.[1], 'w').data).toEqual(
      Float32Array.of(8, 16, 24, 32),
    );
    expect(Object.keys(params)).toEqual(['fc.weight', 'fc.bias']);
  });

  it('loses a normalization when its last call is followed by a ReLU alone', () => {
    const model = fused((g) => g.call('relu', F_RELU, again(g, norm(g, 'a', fc(g)))));
    expect(calls(model)).toEqual(['fc', 'fc_1']);
    expect(model.modules).toHaveProperty('fc.type', 'torch.nn.intrinsic.LinearReLU');
    expect(asFloat(Object.values(model.params)[0], 'w').data).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  it('stays as it is where nothing can be fused, and in exact semantics', () => {
    const plain: Build = (g) => again(g, fc(g));
    expect(fuse(buildModel(plain), 'pytorch').changes).toEqual([]);
    const different: Build = (g) => again(g, g.call('relu', F_RELU, fc(g)));
    expect(fuse(buildModel(different)).changes).toEqual([]);
  });
});

describe('batch normalization in PyTorch semantics', () => {
  it('needs a weight to be folded into a Linear: the error is on the normalization', () => {
    const build: Build = (g) => norm(g, 'b', fc(g), 1, false);
    const refused = () => fuse(buildModel(build), 'pytorch');
    expect(refused).toThrow(/^PyTorch 1\.13\.1 stops here: it folds 'b' into the Linear 'fc'/);
    expect(refused).toThrow(expect.objectContaining({ node: 'b' }));
    expect(calls(fuse(buildModel(build)).model)).toEqual(['fc']);
  });

  it('is folded whatever the rank; exact semantics asks which axis is normalized', () => {
    const model = { ...buildModel((g) => norm(g, 'b', fc(g))), inputShapes: { x: [1, 2, 2] } };
    expect(calls(fuse(model, 'pytorch').model)).toEqual(['fc']);
    expect(calls(fuse(model).model)).toEqual(['fc', 'b']);
  });

  it('a second one is quantized with the layer as one op', () => {
    expect(observedText(buildModel((g) => norm(g, 'b', norm(g, 'a', fc(g)))))).toBe(
      'fc(x*); b(fc); output(b*) | x minmax, b minmax',
    );
  });
});
