import { describe, expect, it } from 'vitest';
import type { TestModel } from '../../exec/testModel';
import { floatTensor } from '../../graph/tensor';
import { buildModel } from '../testPrepare';
import { fuse } from './fuse';

const F = 'torch.nn.functional';
const square = [
  [1, 2],
  [3, 4],
];
const ones = floatTensor([2], Float32Array.of(1, 1));
const linear = (g: TestModel) => g.linear('fc', 'x', square, [1, 2]);
const norm = (g: TestModel, input: string) =>
  g.module('bn', input, {
    type: 'torch.nn.BatchNorm1d',
    attrs: { num_features: 2, eps: 1e-5 },
    tensors: { weight: ones, bias: ones, running_mean: ones, running_var: ones },
  });

/** A second network beside `first` that reads one of its tensors. */
const reading = (first: (g: TestModel) => string, tensor: string) =>
  buildModel((g) => {
    const result = first(g);
    return [result, g.call('second', 'torch.mul', 'x', g.constant(tensor, ones))];
  });

describe('a tensor of a fused module', () => {
  const relu = reading((g) => g.call('relu', `${F}.relu`, linear(g)), 'fc.bias');
  const folded = reading((g) => norm(g, linear(g)), 'bn.weight');

  it('cannot be read in PyTorch semantics', () => {
    expect(() => fuse(relu, 'pytorch')).toThrow(
      "PyTorch 1.13.1 stops here: 'fc' becomes a LinearReLU when it is fused, and that has no 'bias'",
    );
    expect(() => fuse(relu, 'pytorch')).toThrow(expect.objectContaining({ node: 'fc.bias' }));
    expect(() => fuse(folded, 'pytorch')).toThrow("PyTorch 1.13.1 stops here: 'bn'");
  });

  it('can in exact semantics', () => {
    expect(() => fuse(relu, 'exact')).not.toThrow();
  });

  it('of a module that keeps its type can be read', () => {
    expect(() => fuse(reading(linear, 'fc.bias'), 'pytorch')).not.toThrow();
    expect(() =>
      fuse(
        reading((g) => norm(g, linear(g)), 'fc.bias'),
        'pytorch',
      ),
    ).not.toThrow();
  });
});
