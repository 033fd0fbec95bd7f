import { describe, expect, it } from 'vitest';
import type { TestModel } from '../exec/testModel';
import { buildModel, observedText } from './testPrepare';

const F = 'torch.nn.functional';
const square = [
  [1, 2],
  [3, 4],
];
const fc = (g: TestModel, input = 'x', name = 'fc') => g.linear(name, input, square);
const module = (type: string, attrs = {}) => ({ type: `torch.nn.${type}`, attrs });

/**
 * What PyTorch 1.13.1 prepared: `prepare_fx(model, mapping, example_inputs)` with `default_qconfig` for every op and
 * PyTorch's own fixed qconfigs for those that demand one, printed in the form of `observedText`. An observer object that
 * stands at two values is `as` the first.
 */
const TORCH: Record<string, readonly [(g: TestModel) => string | readonly string[], string]> = {
  'nn.ReLU': [(g) => g.module('op', 'x', module('ReLU')), 'op(x*); output(op*) | x minmax, op as x'],
  'F.relu': [(g) => g.call('relu', `${F}.relu`, 'x'), 'relu(x*); output(relu*) | x minmax, relu as x'],
  'torch.relu': [(g) => g.call('relu', 'torch.relu', 'x'), 'relu(x); output(relu) | '],
  'method relu': [(g) => g.method('relu', 'relu', 'x'), 'relu(x*); output(relu*) | x minmax, relu as x'],
  'nn.LeakyReLU': [
    (g) => g.module('op', 'x', module('LeakyReLU')),
    'op(x*); output(op*) | x minmax, op minmax',
  ],
  'F.leaky_relu': [(g) => g.call('f', `${F}.leaky_relu`, 'x'), 'f(x*); output(f*) | x minmax, f minmax'],
  'torch.sigmoid': [
    (g) => g.call('sigmoid', 'torch.sigmoid', fc(g)),
    'fc(x*); sigmoid(fc*); output(sigmoid*) | x minmax, fc minmax, sigmoid fixed',
  ],
  'ReLU of a sigmoid': [
    (g) => g.call('relu', `${F}.relu`, g.call('sigmoid', 'torch.sigmoid', fc(g))),
    'fc(x*); sigmoid(fc*); relu(sigmoid*); output(relu*) | x minmax, fc minmax, sigmoid fixed, relu as sigmoid',
  ],
  'F.softmax': [(g) => g.call('f', `${F}.softmax`, 'x', -1), 'f(x); output(f) | '],
  'method softmax': [(g) => g.method('f', 'softmax', 'x', -1), 'f(x); output(f) | '],
  'nn.Dropout': [(g) => g.module('op', 'x', module('Dropout')), 'op(x*); output(op*) | x minmax, op minmax'],
  'F.dropout': [
    (g) => g.call('f', `${F}.dropout`, 'x', 0.5, false),
    'f(x*); output(f*) | x minmax, f minmax',
  ],
  'nn.Identity': [(g) => g.module('op', 'x', module('Identity')), 'op(x*); output(op*) | x minmax, op as x'],
  'nn.Flatten': [(g) => g.module('op', 'x', module('Flatten')), 'op(x); output(op) | '],
  'torch.flatten': [(g) => g.call('f', 'torch.flatten', 'x', 1), 'f(x*); output(f*) | x minmax, f as x'],
  'method flatten': [(g) => g.method('f', 'flatten', 'x', 1), 'f(x); output(f) | '],
  'torch.reshape': [(g) => g.call('f', 'torch.reshape', 'x', [-1, 2]), 'f(x); output(f) | '],
  'method reshape': [(g) => g.method('f', 'reshape', 'x', -1, 2), 'f(x*); output(f*) | x minmax, f as x'],
  'method view': [(g) => g.method('f', 'view', 'x', -1, 2), 'f(x*); output(f*) | x minmax, f as x'],
  'torch.transpose': [
    (g) => g.call('f', 'torch.transpose', 'x', 0, 1),
    'f(x*); output(f*) | x minmax, f as x',
  ],
  'method transpose': [(g) => g.method('f', 'transpose', 'x', 0, 1), 'f(x*); output(f*) | x minmax, f as x'],
  'method contiguous': [(g) => g.method('f', 'contiguous', 'x'), 'f(x*); output(f*) | x minmax, f as x'],
  'operator.add': [
    (g) => g.call('add', 'operator.add', 'x', fc(g)),
    'fc(x*); add(x*, fc*); output(add*) | x minmax, fc minmax, add minmax',
  ],
  'torch.mul': [
    (g) => g.call('mul', 'torch.mul', 'x', fc(g)),
    'fc(x*); mul(x*, fc*); output(mul*) | x minmax, fc minmax, mul minmax',
  ],
  'method add': [
    (g) => g.method('add', 'add', 'x', fc(g)),
    'fc(x*); add(x, fc*); output(add) | x minmax, fc minmax',
  ],
  'method mul': [(g) => g.method('mul', 'mul', 'x', 2), 'mul(x); output(mul) | '],
  'x + 1': [(g) => g.call('add', 'operator.add', 'x', 1), 'add(x*); output(add*) | x minmax, add as x'],
  '1 + x': [(g) => g.call('add', 'operator.add', 1, 'x'), 'add(x*); output(add*) | x minmax, add as x'],
  'x + x': [(g) => g.call('add', 'operator.add', 'x', 'x'), 'add(x*); output(add*) | x minmax, add minmax'],
  'operator.sub': [
    (g) => g.call('sub', 'operator.sub', 'x', fc(g)),
    'fc(x*); sub(x, fc*); output(sub) | x minmax, fc minmax',
  ],
  'torch.div': [(g) => g.call('div', 'torch.div', 'x', 2), 'div(x); output(div) | '],
  'torch.matmul': [
    (g) => g.call('matmul', 'torch.matmul', 'x', fc(g)),
    'fc(x*); matmul(x*, fc*); output(matmul*) | x minmax, fc minmax, matmul minmax',
  ],
  'operator.matmul': [
    (g) => g.call('matmul', 'operator.matmul', 'x', fc(g)),
    'fc(x*); matmul(x, fc*); output(matmul) | x minmax, fc minmax',
  ],
  'method matmul': [
    (g) => g.method('matmul', 'matmul', 'x', fc(g)),
    'fc(x*); matmul(x, fc*); output(matmul) | x minmax, fc minmax',
  ],
  'method float': [(g) => g.method('float_1', 'float', 'x'), 'float_1(x); output(float_1) | '],
  'Linear and nn.ReLU': [
    (g) => g.module('op', fc(g), module('ReLU')),
    'fc(x*); output(fc*) | x minmax, fc minmax',
  ],
  'Linear and torch.relu': [
    (g) => g.call('relu', 'torch.relu', fc(g)),
    'fc(x*); relu(fc*); output(relu) | x minmax, fc minmax',
  ],
  'Linear and method relu': [
    (g) => g.method('relu', 'relu', fc(g)),
    'fc(x*); relu(fc*); output(relu*) | x minmax, fc minmax, relu as fc',
  ],
  'Linear read by a ReLU and a product': [
    (g) => {
      const a = fc(g);
      return g.call('mul', 'operator.mul', g.call('relu', `${F}.relu`, a), a);
    },
    'fc(x*); relu(fc*); mul(relu*, fc*); output(mul*) | x minmax, fc minmax, relu as fc, mul minmax',
  ],
  'Linear called twice': [
    (g) => g.again('fc_1', 'fc', fc(g)),
    'fc(x*); fc_1(fc*); output(fc_1*) | x minmax, fc minmax, fc_1 minmax',
  ],
  'two Linears of one tensor': [
    (g) => g.call('add', 'operator.add', fc(g), fc(g, 'x', 'fc2')),
    'fc(x*); fc2(x*); add(fc*, fc2*); output(add*) | x minmax, fc minmax, fc2 minmax, add minmax',
  ],
  'a chain that shares one observer': [
    (g) => {
      const view = g.method('view', 'view', fc(g), -1, 2);
      return g.method('reshape', 'reshape', g.call('relu', `${F}.relu`, view), -1, 2);
    },
    'fc(x*); view(fc*); relu(view*); reshape(relu*); output(reshape*) | x minmax, fc minmax, view as fc, relu as fc, reshape as fc',
  ],
  'a float op first': [
    (g) => fc(g, g.call('relu', `${F}.relu`, g.call('sub', 'operator.sub', 'x', 1))),
    'sub(x); relu(sub*); fc(relu*); output(fc*) | sub minmax, relu as sub, fc minmax',
  ],
  'an input that is also an output': [(g) => [fc(g), 'x'], 'fc(x*); output(fc*, x) | x minmax, fc minmax'],
};

describe('observers stand where prepare_fx puts them', () => {
  it.each(Object.entries(TORCH))('%s', (_, [graph, expected]) => {
    expect(observedText(buildModel(graph))).toBe(expected);
  });
});
