import { describe, expect, it } from 'vitest';
import { GraphIndex } from '../graph';
import type { ModuleSpec } from '../model';
import type { Node } from '../node';
import { resolveNode } from '../resolve';
import { floatTensor } from '../tensor';
import { callFunction, callMethod, callModule, constant, modelOf, placeholder, to } from '../testGraph';
import { isQuantizedCall } from './resolveQuantized';

const number = (value: number) => floatTensor([], Float32Array.of(value));
const zeros = (...shape: number[]) => floatTensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
const G = 'torch.ops.quantized';
const LINEAR = { in_features: 3, out_features: 2, bias: true };
const GRID = { scale: 0.5, zero_point: 3 };
const operand = { kind: 'node', node: 'x' };

/** What the last node means, among constants of every kind. */
function resolve(node: Node, before: readonly Node[] = [], modules: Record<string, ModuleSpec> = {}) {
  const constants = ['s', 'z', 'w', 'b', 'two', 'packed'].map((name) => constant(name));
  const params = {
    ...{ s: number(0.5), z: number(3), w: zeros(2, 3), b: zeros(2), two: zeros(2) },
    packed: zeros(1),
  };
  const model = modelOf([placeholder('x'), placeholder('y'), ...constants, ...before, node], {
    modules,
    params,
  });
  return resolveNode(model, new GraphIndex(model.graph), node);
}
const call = (target: string, args: Node['args'], kwargs: Node['kwargs'] = {}) =>
  callFunction('f', `${G}.${target}`, args, kwargs);
const quantized = { scale: 0.5, zeroPoint: 3 };

describe('a quantized module is its float op, rounded to its grid', () => {
  it.each([
    ['torch.ao.nn.quantized.Linear', LINEAR, 'linear', { relu: false }],
    ['torch.nn.intrinsic.quantized.LinearReLU', LINEAR, 'linear', { relu: true }],
    [
      'torch.nn.intrinsic.quantized.ConvReLU2d',
      { in_channels: 2, out_channels: 4, kernel_size: [3, 3] },
      'conv',
      { relu: true, dims: 2 },
    ],
    ['torch.ao.nn.quantized.LeakyReLU', { negative_slope: 0.2 }, 'leaky_relu', { negativeSlope: 0.2 }],
    ['torch.ao.nn.quantized.Softmax', { dim: -1 }, 'softmax', { dim: -1 }],
    ['torch.nn.intrinsic.quantized.BNReLU2d', { num_features: 2 }, 'batch_norm', { relu: true }],
  ] as const)('%s', (type, attrs, op, expected) => {
    const spec = { type, attrs: { ...attrs, ...GRID } };
    const found = resolve(callModule('f', 'm', [to('x')]), [], { m: spec });
    expect(found).toMatchObject({ op, operands: [operand], attrs: expected, quantized });
    expect(found && isQuantizedCall(found)).toBe(true);
  });

  it('but a Dropout without one, which hands its input on', () => {
    const spec = { type: 'torch.ao.nn.quantized.Dropout', attrs: {} };
    const found = resolve(callModule('f', 'm', [to('x')]), [], { m: spec });
    expect(found).toEqual({ op: 'dropout', operands: [operand], attrs: {} });
  });
});

describe('a reference layer knows the grid of its weight', () => {
  const attrs = { ...LINEAR, weight_qscheme: 'torch.per_channel_affine', weight_dtype: 'torch.qint8' };
  const weightGrid = {
    scale: 'm.weight_scale',
    zeroPoint: 'm.weight_zero_point',
    axis: 0,
    dtype: 'torch.qint8',
  };

  it.each([
    ['torch.ao.nn.quantized.reference.Linear', false],
    ['torch.nn.intrinsic.LinearReLU', true],
  ])('%s', (type, relu) => {
    const modules = { m: { type, attrs: { ...attrs, weight_axis: 0 } } };
    const found = resolve(callModule('f', 'm', [to('x')]), [], modules);
    expect(found).toMatchObject({ op: 'linear', attrs: { weight: 'm.weight', relu, weightGrid } });
    expect(found?.quantized).toBeUndefined();
    expect(found && isQuantizedCall(found)).toBe(true);
  });

  it('and a fused float module has none', () => {
    const found = resolve(callModule('f', 'm', [to('x')]), [], {
      m: { type: 'torch.nn.intrinsic.LinearReLU', attrs: LINEAR },
    });
    expect(found && isQuantizedCall(found)).toBe(false);
  });

  it('F.linear sees through quantize and dequantize to its weight', () => {
    const steps = [
      callFunction('q', 'torch.quantize_per_channel', [
        to('w'),
        to('s'),
        to('z'),
        0,
        { dtype: 'torch.qint8' },
      ]),
      callMethod('d', 'dequantize', [to('q')]),
    ];
    const found = resolve(
      callFunction('f', 'torch.nn.functional.linear', [to('x'), to('d'), to('b')]),
      steps,
    );
    expect(found?.attrs).toMatchObject({
      weight: 'w',
      bias: 'b',
      weightGrid: { scale: 's', zeroPoint: 'z', axis: 0, dtype: 'torch.qint8' },
    });
  });
});

describe('torch.ops.quantized', () => {
  it('a layer reads its window and tensors from the packed object', () => {
    const packed = {
      type: 'torch.classes.quantized.Conv2dPackedParamsBase',
      attrs: { in_channels: 2, out_channels: 4, kernel_size: [3], padding: [1], bias: false },
    };
    const node = call('conv1d_relu', [to('x'), to('packed'), to('s'), to('z')]);
    expect(resolve(node, [], { packed })).toMatchObject({
      op: 'conv',
      operands: [operand],
      attrs: { weight: 'packed.weight', bias: null, padding: [[1, 1]], relu: true, functional: true },
      quantized,
    });
  });

  it('a sum of two names its grid, one with a number does not', () => {
    expect(resolve(call('add_relu', [to('x'), to('y'), to('s'), to('z')]))).toMatchObject({
      op: 'add',
      attrs: { relu: true },
      quantized,
    });
    expect(resolve(call('mul', [to('x'), 2]))).toEqual({
      op: 'mul',
      operands: [operand, { kind: 'number', value: 2 }],
      attrs: {},
    });
  });

  it('others take the grid by keyword', () => {
    const grid = { output_scale: to('s'), output_zero_point: to('z') };
    expect(resolve(call('leaky_relu', [to('x')], { negative_slope: 0.1, ...grid }))).toMatchObject({
      op: 'leaky_relu',
      attrs: { negativeSlope: 0.1 },
      quantized,
    });
  });

  it.each([
    ['no packed weight', call('linear', [to('x'), to('w'), to('s'), to('z')]), 'needs a packed weight'],
    [
      'a scale of two numbers',
      call('add', [to('x'), to('y'), to('two'), to('z')]),
      "needs one number from a get_attr node for 'scale'",
    ],
    ['a computed scale', call('add', [to('x'), to('y'), to('x'), to('z')]), 'one number'],
    ['no output scale', call('elu', [to('x')]), "'output_scale'"],
  ])('refuses %s', (_, node, message) => {
    expect(() => resolve(node)).toThrow(message);
  });

  it('other functions of that namespace are not known', () => {
    expect(resolve(call('hardtanh', [to('x')]))).toBeNull();
  });
});
