import { expect, it } from 'vitest';
import { freeName } from './graph';

/** Names that `torch.fx.graph._Namespace().create_name` of PyTorch 1.13.1 gave for these, asked in this order. */
it('gives the names that FX gives', () => {
  const asked = [
    ['mul', 'mul'],
    ['mul', 'mul_1'],
    ['mul', 'mul_2'],
    ['add_1', 'add_1'],
    ['add_1', 'add_2'],
    ['add', 'add'],
    ['add', 'add_3'],
    ['add', 'add_4'],
    ['relu_7', 'relu_7'],
    ['relu_7', 'relu_8'],
    ['relu', 'relu'],
    ['x.y', 'x_y'],
    ['x.y', 'x_y_1'],
    ['x-y', 'x_y_2'],
    ['2d', '_2d'],
    ['x_activation_post_process_0', 'x_activation_post_process_0'],
    ['x_activation_post_process_0', 'x_activation_post_process_1'],
    ['a_', 'a_'],
    ['a_', 'a__1'],
    ['b_1_1', 'b_1_1'],
    ['b_1_1', 'b_1_2'],
  ];
  const taken = new Set<string>();
  for (const [base = '', expected] of asked) {
    const name = freeName(base, (candidate) => taken.has(candidate));
    expect(name, base).toBe(expected);
    taken.add(name);
  }
});

it('makes an identifier of anything', () => {
  expect(freeName('', () => false)).toBe('_');
  expect(freeName('/layers.0/MatMul', () => false)).toBe('_layers_0_MatMul');
  expect(freeName('größe', () => false)).toBe('gr_e');
  expect(freeName('a\nb\u0000\u0085c\u2028', () => false)).toBe('a_b_c_');
});

it('keeps clear of the words of Python, in which FX writes the graph', () => {
  expect(freeName('lambda', () => false)).toBe('lambda_1');
  expect(freeName('lambdas', () => false)).toBe('lambdas');
});
