import { describe, expect, it } from 'vitest';
import { nodeName } from './ids';
import { inferShapes } from './inferShapes';
import { lint } from './lint';
import type { Attribute } from './model';
import type { Argument, Node } from './node';
import type { Shape } from './shape';
import { floatTensor, type Tensor } from './tensor';
import { callFunction, callMethod, callModule, modelOf, output, placeholder, to } from './testGraph';

/* Shapes and tensors of the ops with windows, axes and tensors. */

const x = placeholder('x');
const zeros = (...shape: number[]) => floatTensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
type Attrs = Readonly<Record<string, Attribute>>;

function shapeOf(node: Node, shape: Shape, module?: readonly [string, Attrs]): Shape | undefined {
  const modules = module ? { m: { type: `torch.nn.${module[0]}`, attrs: module[1] } } : {};
  const inputShapes = shape ? { x: shape } : {};
  const model = modelOf([x, node, output(to(node.name))], { modules, inputShapes });
  return inferShapes(model).get(nodeName(node.name));
}
const call = (target: string, ...args: readonly Argument[]) => callFunction('f', target, [to('x'), ...args]);
const method = (target: string, ...args: readonly Argument[]) => callMethod('f', target, [to('x'), ...args]);
const cat = (dim: number) => callFunction('f', 'torch.cat', [[to('x'), to('x')], dim]);
const item = (...index: readonly Argument[]) => call('operator.getitem', index);
const slice = (start: number | null, stop: number | null, step: number | null = null) => ({
  slice: [start, stop, step] as const,
});

describe('the shape of', () => {
  it.each<readonly [string, Shape, Node, Shape]>([
    ['permute', ['n', 2, 3], method('permute', 2, 0, -2), [3, 'n', 2]],
    ['permute of another rank', ['n', 2], method('permute', 0, 2, 1), null],
    ['cat', ['n', 2, 3], cat(-1), ['n', 2, 6]],
    ['cat along an open axis', ['n', 2], cat(0), ['?', 2]],
    ['cat outside', ['n', 2], cat(2), null],
    ['mean', ['n', 2, 3], call('torch.mean', [1, -1]), ['n']],
    ['mean, kept', ['n', 2, 3], method('mean', 1, true), ['n', 1, 3]],
    ['mean of all', null, call('torch.mean'), []],
    ['squeeze', ['n', 1, 3, 1], call('torch.squeeze'), ['n', 3]],
    ['squeeze of one axis', ['n', 1, 3, 1], call('torch.squeeze', -1), ['n', 1, 3]],
    ['squeeze of an open axis', ['n', 1], call('torch.squeeze', 0), null],
    ['unsqueeze', ['n', 3], call('torch.unsqueeze', -1), ['n', 3, 1]],
    ['unsqueeze outside', ['n', 3], call('torch.unsqueeze', 3), null],
    ['x[:, 0]', ['n', 2, 3], item(slice(null, null), 0), ['n', 3]],
    ['x[..., 1:, None]', ['n', 2, 3], item({ ellipsis: true }, slice(1, null), null), ['n', 2, 2, 1]],
    ['x[:, ::2]', ['n', 5], item(slice(null, null), slice(null, null, 2)), ['n', 3]],
    ['x[1:]', ['n', 5], item(slice(1, null)), ['?', 5]],
    ['too many indices', ['n'], item(0, 0), null],
    ['gelu', ['n', 5], call('torch.nn.functional.gelu'), ['n', 5]],
  ])('%s', (_, shape, node, expected) => {
    expect(shapeOf(node, shape)).toEqual(expected);
  });

  const m = callModule('m', 'm', [to('x')]);
  const conv: Attrs = { in_channels: 4, out_channels: 6, kernel_size: 3, bias: false };
  it.each<readonly [string, Shape, readonly [string, Attrs], Shape]>([
    ['a conv', ['n', 4, 8, 'w'], ['Conv2d', { ...conv, stride: 2 }], ['n', 6, 3, '?']],
    ['a conv of one sample', [4, 8], ['Conv1d', conv], [6, 6]],
    ['a conv of an input that nothing states', null, ['Conv2d', conv], ['n', 6, '?', '?']],
    ['a conv of too few axes', ['n'], ['Conv1d', conv], null],
    ['a pool with ceil_mode', ['n', 4, 8], ['MaxPool1d', { kernel_size: 3, ceil_mode: true }], ['n', 4, 3]],
    [
      'a pool whose last window would begin in the padding',
      ['n', 4, 4],
      ['AvgPool1d', { kernel_size: 2, stride: 3, padding: 1, ceil_mode: true }],
      ['n', 4, 2],
    ],
    ['an adaptive pool', ['n', 4, 'h', 8], ['AdaptiveAvgPool2d', { output_size: [2, null] }], ['n', 4, 2, 8]],
    ['an embedding', ['n', 7], ['Embedding', { num_embeddings: 5, embedding_dim: 3 }], ['n', 7, 3]],
    ['a normalization', ['n', 4, 2], ['BatchNorm1d', { num_features: 4 }], ['n', 4, 2]],
  ])('%s', (_, shape, module, expected) => {
    expect(shapeOf(m, shape, module)).toEqual(expected);
  });
});

describe('lint checks the tensors of', () => {
  const linted = (type: string, attrs: Attrs, params: Readonly<Record<string, Tensor>>) => () => {
    const modules = { m: { type: `torch.nn.${type}`, attrs } };
    lint(modelOf([x, callModule('m', 'm', [to('x')]), output(to('m'))], { modules, params }));
  };
  const norm = { 'm.running_mean': zeros(4), 'm.running_var': zeros(4) };
  const conv = { in_channels: 4, out_channels: 6, kernel_size: [3, 2], groups: 2 };
  it.each<readonly [string, () => void, string]>([
    [
      'Conv2d',
      linted('Conv2d', conv, { 'm.weight': zeros(6, 4, 3, 2) }),
      "Tensor 'm.weight' of node 'm' has shape [6, 4, 3, 2]; [6, 2, 3, 2] is expected.",
    ],
    [
      'Conv2d with a bias',
      linted('Conv2d', conv, { 'm.weight': zeros(6, 2, 3, 2) }),
      "Node 'm' needs tensor 'm.bias'",
    ],
    [
      'BatchNorm2d',
      linted('BatchNorm2d', { num_features: 4, affine: false }, { 'm.running_mean': zeros(4) }),
      "needs tensor 'm.running_var'",
    ],
    [
      'an affine BatchNorm2d',
      linted('BatchNorm2d', { num_features: 4 }, { ...norm, 'm.weight': zeros(3) }),
      "'m.weight' of node 'm' has shape [3]; [4] is expected",
    ],
    [
      'LayerNorm',
      linted('LayerNorm', { normalized_shape: [2, 4] }, { 'm.weight': zeros(4) }),
      '[2, 4] is expected',
    ],
    [
      'Embedding',
      linted('Embedding', { num_embeddings: 4, embedding_dim: 3 }, { 'm.weight': zeros(3, 4) }),
      '[4, 3] is expected',
    ],
    ['PReLU', linted('PReLU', {}, { 'm.weight': zeros(2, 1) }), '[any] is expected'],
    [
      'an integer weight',
      linted('PReLU', {}, { 'm.weight': { dtype: 'int32', shape: [1], data: Int32Array.of(1) } }),
      "Tensor 'm.weight' of node 'm' is int32; prelu needs float32.",
    ],
  ])('%s', (_, check, message) => {
    expect(check).toThrow(message);
  });

  it('and accepts what fits', () => {
    expect(linted('Conv2d', { ...conv, bias: false }, { 'm.weight': zeros(6, 2, 3, 2) })).not.toThrow();
    expect(linted('BatchNorm2d', { num_features: 4, affine: false }, norm)).not.toThrow();
    expect(linted('LayerNorm', { normalized_shape: [4], elementwise_affine: false }, {})).not.toThrow();
    expect(linted('PReLU', { num_parameters: 3 }, { 'm.weight': zeros(3) })).not.toThrow();
  });
});
