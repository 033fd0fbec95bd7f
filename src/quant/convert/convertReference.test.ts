import { describe, expect, it } from 'vitest';
import type { TestModel } from '../../exec/testModel';
import { moduleName, nodeName, paramName } from '../../graph/ids';
import { printGraph } from '../../graph/print';
import { floatTensor } from '../../graph/tensor';
import { QCONFIG_PRESETS, type QConfig } from '../qconfig';
import { mappingOf } from '../qconfigMapping';
import { weightQParams } from '../quantizeWeight';
import { converted, graphText } from '../testConvert';
import type { Build } from '../testPrepare';

const F = 'torch.nn.functional';
const square = [
  [1, 2.4],
  [-3.3, 4],
];
const weight = floatTensor([2, 2], Float32Array.from(square.flat()));
const fc = (g: TestModel, input = 'x', name = 'fc') => g.linear(name, input, square, [1, 2]);
const reference = (build: Build, qconfig: QConfig = QCONFIG_PRESETS.default) =>
  converted(build, mappingOf(qconfig)).reference;

/** As `convert_to_reference_fx` of PyTorch 1.13.1 gives them. */
const GRAPHS: Record<string, readonly [Build, string]> = {
  'a Linear': [fc, 'q(x); d(q); fc(d); q_1(fc); d_1(q_1); output(d_1)'],
  'connected Linears': [
    (g) => fc(g, fc(g), 'fc2'),
    'q(x); d(q); fc(d); q_1(fc); d_1(q_1); fc2(d_1); q_2(fc2); d_2(q_2); output(d_2)',
  ],
  'a module called twice': [
    (g) => g.again('fc_1', 'fc', fc(g)),
    'q(x); d(q); fc(d); q_1(fc); d_1(q_1); fc_1(d_1); q_2(fc_1); d_2(q_2); output(d_2)',
  ],
  'an op that moves values': [
    (g) => g.method('view', 'view', fc(g), -1, 2),
    'q(x); d(q); fc(d); q_1(fc); d_1(q_1); view(d_1); q_2(view); d_2(q_2); output(d_2)',
  ],
  'a float op': [
    (g) => g.call('sub', 'operator.sub', fc(g), 1),
    'q(x); d(q); fc(d); q_1(fc); d_1(q_1); sub(d_1); output(sub)',
  ],
  'a functional Linear with its ReLU': [
    (g) => g.call('relu', `${F}.relu`, g.call('linear', `${F}.linear`, 'x', g.constant('w', weight))),
    'q(x); d(q); q_1(); d_1(q_1); linear(d, d_1); relu(linear); q_2(relu); d_2(q_2); output(d_2)',
  ],
  'what nothing reads is gone': [
    (g) => {
      g.call('dead', 'torch.relu', fc(g, 'x', 'unread'));
      return fc(g);
    },
    'q(x); d(q); fc(d); q_2(fc); d_2(q_2); output(d_2)',
  ],
  'a model without quantized ops': [(g) => g.call('sub', 'operator.sub', 'x', 1), 'sub(x); output(sub)'],
};

describe('the reference form', () => {
  it.each(Object.entries(GRAPHS))('%s', (_, [build, expected]) => {
    expect(graphText(reference(build))).toBe(expected);
  });

  it.each(Object.entries(GRAPHS))('leaves no observer: %s', (_, [build]) => {
    const { modules, graph } = reference(build);
    expect(JSON.stringify([modules, graph])).not.toMatch(/observer|post_process/i);
  });

  it('prints as PyTorch prints it, with the seed’s names', () => {
    expect(printGraph(reference(fc).graph)).toBe(`graph():
    %x : [#users=1] = placeholder[target=x]
    %fc_input_scale_0 : [#users=1] = get_attr[target=fc_input_scale_0]
    %fc_input_zero_point_0 : [#users=1] = get_attr[target=fc_input_zero_point_0]
    %quantize_per_tensor : [#users=1] = call_function[target=torch.quantize_per_tensor](args = (%x, %fc_input_scale_0, %fc_input_zero_point_0, torch.quint8), kwargs = {})
    %dequantize : [#users=1] = call_method[target=dequantize](args = (%quantize_per_tensor,), kwargs = {})
    %fc : [#users=1] = call_module[target=fc](args = (%dequantize,), kwargs = {})
    %fc_scale_0 : [#users=1] = get_attr[target=fc_scale_0]
    %fc_zero_point_0 : [#users=1] = get_attr[target=fc_zero_point_0]
    %quantize_per_tensor_1 : [#users=1] = call_function[target=torch.quantize_per_tensor](args = (%fc, %fc_scale_0, %fc_zero_point_0, torch.quint8), kwargs = {})
    %dequantize_1 : [#users=1] = call_method[target=dequantize](args = (%quantize_per_tensor_1,), kwargs = {})
    return dequantize_1`);
  });
});

describe('scales and zero points', () => {
  it('are those of the observers', () => {
    const { params } = reference(fc);
    // The input saw −1…1, the output −2…2.
    expect(params[paramName('fc_input_scale_0')]).toEqual(
      floatTensor([], Float32Array.of(Math.fround(2 / 127))),
    );
    expect(params[paramName('fc_input_zero_point_0')]?.data).toEqual(Int32Array.of(64));
    expect(params[paramName('fc_scale_0')]?.data).toEqual(Float32Array.of(Math.fround(4 / 127)));
  });

  it('of an op that moves values are those of the observer it shares', () => {
    const { params } = reference((g) => g.method('view', 'view', fc(g), -1, 2));
    // fc and view share one observer, which saw −2…2 and −3…3.
    expect(params[paramName('fc_scale_0')]?.data).toEqual(Float32Array.of(Math.fround(6 / 127)));
    expect(params[paramName('_scale_0')]?.data).toEqual(Float32Array.of(Math.fround(6 / 127)));
  });
});

describe('weights', () => {
  it.each(['default', 'per-channel'] as const)('a reference module has those of %s', (name) => {
    const observer = QCONFIG_PRESETS[name].weight;
    const model = reference(fc, QCONFIG_PRESETS[name]);
    const qparams = weightQParams(weight, observer);
    expect(model.params[paramName('fc.weight')]).toEqual(weight);
    expect(model.params[paramName('fc.weight_scale')]?.data).toEqual(
      Float32Array.from(qparams, (q) => q.scale),
    );
    const spec = model.modules[moduleName('fc')];
    expect(spec?.type).toBe('torch.ao.nn.quantized.reference.Linear');
    expect(spec?.attrs).toMatchObject({
      weight_qscheme: name === 'default' ? 'torch.per_tensor_affine' : 'torch.per_channel_affine',
      weight_dtype: 'torch.qint8',
      weight_axis: name === 'default' ? null : 0,
    });
    expect(spec?.attrs.weight_scale).toBe(name === 'default' ? qparams[0]?.scale : undefined);
  });

  it('a fused module keeps its type', () => {
    const model = reference((g) => g.call('relu', `${F}.relu`, fc(g)));
    expect(model.modules[moduleName('fc')]).toMatchObject({
      type: 'torch.nn.intrinsic.LinearReLU',
      attrs: { weight_qscheme: 'torch.per_tensor_affine' },
    });
  });

  it('of a function go to one grid a row through quantize_per_channel', () => {
    const model = reference(
      (g) => g.call('linear', `${F}.linear`, 'x', g.constant('w', weight)),
      QCONFIG_PRESETS['per-channel'],
    );
    const quantize = model.graph.nodes.find((node) => node.target === 'torch.quantize_per_channel');
    expect(quantize?.args.slice(3)).toEqual([0, { dtype: 'torch.qint8' }]);
    expect(model.params[paramName('_scale_0')]?.shape).toEqual([2]);
    expect(model.params[paramName('w')]).toEqual(weight);
  });

  it('what it was converted from is as it was', () => {
    const { observed, reference: model } = converted(fc);
    expect(observed.params[paramName('fc.weight')]).toBe(model.params[paramName('fc.weight')]);
    expect(observed.modules[moduleName('fc')]?.type).toBe('torch.nn.Linear');
  });

  it('nodes whose qconfig is float are known to lowering', () => {
    const mapping = { ...mappingOf(QCONFIG_PRESETS.default), byName: { fc: null } };
    const { reference: model } = converted((g) => fc(g, fc(g), 'fc2'), mapping);
    expect(model.keptFloat.has(nodeName('fc'))).toBe(true);
    expect(model.keptFloat.has(nodeName('fc2'))).toBe(false);
    expect(model.modules[moduleName('fc')]?.type).toBe('torch.nn.Linear');
  });
});
