import { describe, expect, it } from 'vitest';
import { noise, type TestModel } from '../../exec/testModel';
import { moduleName } from '../../graph/ids';
import { printGraph } from '../../graph/print';
import { floatTensor } from '../../graph/tensor';
import { to } from '../../graph/testGraph';
import { QCONFIG_PRESETS } from '../qconfig';
import { mappingOf } from '../qconfigMapping';
import { converted, graphText } from '../testConvert';
import type { Build } from '../testPrepare';

const F = 'torch.nn.functional';
const square = [
  [1, 2.4],
  [-3.3, 4],
];
const fc = (g: TestModel, input = 'x', name = 'fc') => g.linear(name, input, square, [1, 2]);
const weights = (...shape: number[]) =>
  floatTensor(
    shape,
    noise(
      shape.reduce((a, b) => a * b, 1),
      1,
    ),
  );
const conv = (g: TestModel, input = 'x') =>
  g.module('conv', input, {
    type: 'torch.nn.Conv1d',
    attrs: { in_channels: 2, out_channels: 2, kernel_size: [3], padding: [1] },
    tensors: { weight: weights(2, 2, 3), bias: weights(2) },
  });
const plain = (type: string, attrs = {}) => ({ type: `torch.nn.${type}`, attrs });

/** As `convert_fx` of PyTorch 1.13.1 gives them; quantize and dequantize nodes are counted without gaps. */
const GRAPHS: Record<string, readonly [Build, string]> = {
  'a Linear': [fc, 'q(x); fc(q); d(fc); output(d)'],
  'connected Linears': [(g) => fc(g, fc(g), 'fc2'), 'q(x); fc(q); fc2(fc); d(fc2); output(d)'],
  'a convolution': [conv, 'q(x); conv(q); d(conv); output(d)'],
  'a module called twice': [(g) => g.again('fc_1', 'fc', fc(g)), 'q(x); fc(q); fc_1(fc); d(fc_1); output(d)'],
  'ops that move values': [
    (g) => fc(g, g.call('relu', `${F}.relu`, g.method('view', 'view', fc(g), -1, 2)), 'fc2'),
    'q(x); fc(q); view(fc); relu(view); fc2(relu); d(fc2); output(d)',
  ],
  'torch.relu, which the backend’s list does not have': [
    (g) => fc(g, g.call('relu', 'torch.relu', fc(g)), 'fc2'),
    'q(x); fc(q); d(fc); relu(d); q_1(relu); fc2(q_1); d_1(fc2); output(d_1)',
  ],
  'a value for several float readers is dequantized once': [
    (g) => {
      const a = fc(g);
      return [g.call('sub', 'operator.sub', a, 1), g.call('div', 'torch.div', a, 2), a];
    },
    'q(x); fc(q); d(fc); sub(d); div(d); output(sub, div, d)',
  ],
  'a sum': [(g) => g.call('add', 'operator.add', 'x', fc(g)), 'q(x); fc(q); add(q, fc); d(add); output(d)'],
  'a sum of one value': [
    (g) => g.call('add', 'torch.add', fc(g), to('fc')),
    'q(x); fc(q); add(fc); d(add); output(d)',
  ],
  'a product and its ReLU': [
    (g) => g.call('relu', `${F}.relu`, g.call('mul', 'torch.mul', 'x', fc(g))),
    'q(x); fc(q); mul(q, fc); d(mul); output(d)',
  ],
  'a sum with a number': [
    (g) => g.call('add', 'operator.add', fc(g), 1),
    'q(x); fc(q); add(fc); d(add); output(d)',
  ],
  'a matrix product': [
    (g) => g.call('matmul', 'torch.matmul', fc(g), to('fc')),
    'q(x); fc(q); matmul(fc); d(matmul); output(d)',
  ],
  'a concatenation': [
    (g) => g.call('cat', 'torch.cat', [to('x'), to(fc(g))], 1),
    'q(x); fc(q); cat(q, fc); d(cat); output(d)',
  ],
  'a sigmoid': [
    (g) => fc(g, g.call('sigmoid', 'torch.sigmoid', fc(g)), 'fc2'),
    'q(x); fc(q); sigmoid(fc); fc2(sigmoid); d(fc2); output(d)',
  ],
  'a function with a grid of its own': [
    (g) => g.call('leaky', `${F}.leaky_relu`, fc(g), 0.1),
    'q(x); fc(q); leaky(fc); d(leaky); output(d)',
  ],
  'a pool behind a convolution': [
    (g) => g.module('pool', conv(g), plain('MaxPool1d', { kernel_size: 2 })),
    'q(x); conv(q); pool(conv); d(pool); output(d)',
  ],
  'a functional Linear': [
    (g) => g.call('linear', `${F}.linear`, 'x', g.constant('w', weights(2, 2)), g.constant('b', weights(2))),
    'q(x); linear(q); d(linear); output(d)',
  ],
  'a functional convolution and its ReLU': [
    (g) => {
      const y = g.call('c', 'torch.conv1d', 'x', g.constant('w', weights(2, 2, 3)), null, 1, 1, 1, 1);
      return g.call('relu', `${F}.relu`, y);
    },
    'q(x); c(q); d(c); output(d)',
  ],
};

describe('the lowered form', () => {
  it.each(Object.entries(GRAPHS))('%s', (_, [build, expected]) => {
    expect(graphText(converted(build).lowered)).toBe(expected);
  });

  it('prints as the seed prints it', () => {
    expect(printGraph(converted(fc).lowered.graph)).toBe(`graph():
    %x : [#users=1] = placeholder[target=x]
    %fc_input_scale_0 : [#users=1] = get_attr[target=fc_input_scale_0]
    %fc_input_zero_point_0 : [#users=1] = get_attr[target=fc_input_zero_point_0]
    %quantize_per_tensor : [#users=1] = call_function[target=torch.quantize_per_tensor](args = (%x, %fc_input_scale_0, %fc_input_zero_point_0, torch.quint8), kwargs = {})
    %fc : [#users=1] = call_module[target=fc](args = (%quantize_per_tensor,), kwargs = {})
    %dequantize : [#users=1] = call_method[target=dequantize](args = (%fc,), kwargs = {})
    return dequantize`);
  });

  it('prints functions with packed weight, scale and zero point', () => {
    const build = GRAPHS['a functional convolution and its ReLU']?.[0] ?? fc;
    expect(printGraph(converted(build).lowered.graph)).toContain(
      '%c : [#users=1] = call_function[target=torch.ops.quantized.conv1d_relu](args = (%quantize_per_tensor, %_packed_weight_0, %_scale_1, %_zero_point_1), kwargs = {})',
    );
  });

  it('a node whose qconfig is float keeps its reference form', () => {
    const mapping = { ...mappingOf(QCONFIG_PRESETS.default), byName: { fc: null } };
    const { lowered } = converted((g) => fc(g, fc(g), 'fc2'), mapping);
    expect(graphText(lowered)).toBe('fc(x); q(fc); fc2(q); d(fc2); output(d)');
    expect(lowered.modules[moduleName('fc')]?.type).toBe('torch.nn.Linear');
  });

  it('equal names are kept apart', () => {
    const { lowered } = converted((g) => g.method('dequantize', 'contiguous', fc(g)));
    expect(graphText(lowered)).toBe('q(x); fc(q); d(fc); d_1(d); output(d_1)');
  });
});
