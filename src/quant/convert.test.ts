import { describe, expect, it } from 'vitest';
import type { TestModel } from '../exec/testModel';
import { applyChange, revertChange } from '../graph/change';
import { moduleName, nodeName, type ParamName, paramName } from '../graph/ids';
import { lint } from '../graph/lint';
import { inputsOf } from '../graph/node';
import { printGraph } from '../graph/print';
import { asFloat, floatTensor } from '../graph/tensor';
import { convert } from './convert';
import type { ObservedModel } from './observer';
import { QCONFIG_PRESETS } from './qconfig';
import { mappingOf } from './qconfigMapping';
import { quantizeWeight } from './quantizeWeight';
import { type Build, buildModel, observe } from './testPrepare';
import { observerNodes, withStats } from './withStats';

const F = 'torch.nn.functional';
const square = [
  [1, 2.4],
  [-3.3, 4],
];
const fc = (g: TestModel, input = 'x', name = 'fc') => g.linear(name, input, square, [1, 2]);

/** Observers that saw −1…1, the next −2…2 and so on, in graph order. */
function calibrated(model: ObservedModel): ObservedModel {
  const stats = observerNodes(model).map(({ node }, i) => {
    const [min, max] = [Float32Array.of(-1 - i, 0), Float32Array.of(0, 1 + i)];
    return [node, { min, max, nonFinite: new Float64Array(2), samples: 1, rank: 2 }] as const;
  });
  return withStats(model, new Map(stats));
}

function converted(build: Build) {
  const observed = calibrated(observe(buildModel(build)));
  const { model, changes } = convert(observed);
  lint(model);
  expect(changes.reduce(applyChange, observed.graph)).toEqual(model.graph);
  expect(changes.reduceRight(revertChange, model.graph)).toEqual(observed.graph);
  return model;
}

/** `name(reads)` of every node but inputs and constants. */
const text = (model: { readonly graph: ObservedModel['graph'] }): string =>
  model.graph.nodes
    .filter((node) => node.op !== 'placeholder' && node.op !== 'get_attr')
    .map(
      (node) =>
        `${node.name}(${inputsOf(node)
          .filter((name) => !/_(scale|zero_point)_\d+$/.test(name))
          .join(', ')})`,
    )
    .join('; ');

const GRAPHS: Record<string, readonly [Build, string]> = {
  'a Linear': [fc, 'quantize_per_tensor(x); fc(quantize_per_tensor); dequantize(fc); output(dequantize)'],
  'connected Linears': [
    (g) => fc(g, fc(g), 'fc2'),
    'quantize_per_tensor(x); fc(quantize_per_tensor); fc2(fc); dequantize(fc2); output(dequantize)',
  ],
  'a module called twice gets a quantized copy per call': [
    (g) => g.again('fc_1', 'fc', fc(g)),
    'quantize_per_tensor(x); fc(quantize_per_tensor); fc_1(fc); dequantize(fc_1); output(dequantize)',
  ],
  'ops that share their input’s observer stay on quantized data': [
    (g) => {
      const relu = g.call('relu', `${F}.relu`, g.method('view', 'view', fc(g), -1, 2));
      return fc(g, relu, 'fc2');
    },
    'quantize_per_tensor(x); fc(quantize_per_tensor); view(fc); relu(view); fc2(relu); dequantize(fc2); output(dequantize)',
  ],
  'a value is dequantized once, for all its float readers': [
    (g) => {
      const a = fc(g);
      return [g.call('sub', 'operator.sub', a, 1), g.call('div', 'torch.div', a, 2), a];
    },
    'quantize_per_tensor(x); fc(quantize_per_tensor); dequantize(fc); sub(dequantize); div(dequantize); output(sub, div, dequantize)',
  ],
  'an op in reference form': [
    (g) => g.call('add', 'operator.add', 'x', fc(g)),
    'quantize_per_tensor(x); dequantize(quantize_per_tensor); fc(quantize_per_tensor); dequantize_1(fc); ' +
      'add(dequantize, dequantize_1); quantize_per_tensor_1(add); dequantize_2(quantize_per_tensor_1); output(dequantize_2)',
  ],
  'a functional Linear keeps its float op': [
    (g) => {
      const weight = g.constant('w', floatTensor([2, 2], Float32Array.from(square.flat())));
      return g.call('linear', `${F}.linear`, 'x', weight);
    },
    'quantize_per_tensor(x); dequantize(quantize_per_tensor); linear(dequantize, w); quantize_per_tensor_1(linear); ' +
      'dequantize_1(quantize_per_tensor_1); output(dequantize_1)',
  ],
  'a model without quantized ops': [(g) => g.call('sub', 'operator.sub', 'x', 1), 'sub(x); output(sub)'],
};

describe('convert', () => {
  it.each(Object.entries(GRAPHS))('%s', (_, [build, expected]) => {
    expect(text(converted(build))).toBe(expected);
  });

  it.each(Object.entries(GRAPHS))('leaves no observer: %s', (_, [build]) => {
    const { modules, graph } = converted(build);
    expect(JSON.stringify([modules, graph])).not.toMatch(/observer|post_process/i);
  });

  it('a Linear carries the scale and zero point of its output, its input those of its own', () => {
    const model = converted(fc);
    // Saw −2…2: scale 4/127, zero point round(2 / scale) = 64. The input saw −1…1.
    expect(model.modules[moduleName('fc')]).toEqual({
      type: 'torch.nn.quantized.Linear',
      attrs: {
        in_features: 2,
        out_features: 2,
        bias: true,
        scale: Math.fround(4 / 127),
        zero_point: 64,
        weight_qscheme: 'torch.per_tensor_symmetric',
      },
    });
    expect(model.params[paramName('fc_input_scale_0')]).toEqual(
      floatTensor([], Float32Array.of(Math.fround(2 / 127))),
    );
    expect(model.params[paramName('fc_input_zero_point_0')]?.data).toEqual(Int32Array.of(64));
  });

  it('shared ops take no part in the ranges of the layer behind them', () => {
    const model = converted(
      GRAPHS['ops that share their input’s observer stay on quantized data']?.[0] ?? fc,
    );
    // fc, view and relu share one observer, which saw −2…2, −3…3, −4…4.
    expect(model.modules[moduleName('fc')]?.attrs.scale).toBe(Math.fround(8 / 127));
  });

  it('both calls of a module have its weight, each its own output range', () => {
    const model = converted(GRAPHS['a module called twice gets a quantized copy per call']?.[0] ?? fc);
    const scales = ['fc', 'fc_1'].map((name) => model.modules[moduleName(name)]?.attrs.scale);
    expect(scales).toEqual([Math.fround(4 / 127), Math.fround(6 / 127)]);
    const tensor = (name: string) => asFloat(model.params[paramName(name)], name).data;
    expect(tensor('fc_1.weight')).toEqual(tensor('fc.weight'));
    expect(tensor('fc_1.bias')).toEqual(Float32Array.of(1, 2));
  });

  it.each(['default', 'per-channel'] as const)('weights move to the grid of the qconfig %s', (name) => {
    const observed = calibrated(observe(buildModel(fc), mappingOf(QCONFIG_PRESETS[name])));
    const { params } = convert(observed).model;
    const weight = asFloat(observed.params[paramName('fc.weight')], 'fc.weight');
    const { values, qparams } = quantizeWeight(weight, QCONFIG_PRESETS[name].weight);
    expect(params[paramName('fc.weight')]).toEqual(values);
    expect(params[paramName('fc.weight_scale')]?.data).toEqual(Float32Array.from(qparams, (q) => q.scale));
    expect(params[paramName('fc.weight_zero_point')]?.data).toEqual(Int32Array.from(qparams, () => 0));
    expect(qparams.length).toBe(name === 'default' ? 1 : 2);
  });

  it('a functional weight moves to the int8 grid; what it was converted from does not', () => {
    const [build] = GRAPHS['a functional Linear keeps its float op'] ?? [fc];
    const observed = calibrated(observe(buildModel(build)));
    const before = asFloat(observed.params[paramName('w')], 'w').data.slice();
    const { model } = convert(observed);
    const { values } = quantizeWeight(floatTensor([2, 2], before), QCONFIG_PRESETS.default.weight);
    expect(model.params['w' as ParamName]).toEqual(values);
    expect(observed.params[paramName('w')]?.data).toEqual(before);
  });

  it('a fused layer becomes a quantized LinearReLU', () => {
    const model = converted((g) => g.call('relu', `${F}.relu`, fc(g)));
    expect(model.modules[moduleName('fc')]?.type).toBe('torch.nn.intrinsic.quantized.LinearReLU');
    expect(model.graph.nodes.some((node) => node.name === nodeName('relu'))).toBe(false);
  });

  it('prints as the seed prints it', () => {
    expect(printGraph(converted(fc).graph)).toBe(`graph():
    %x : [#users=1] = placeholder[target=x]
    %fc_input_scale_0 : [#users=1] = get_attr[target=fc_input_scale_0]
    %fc_input_zero_point_0 : [#users=1] = get_attr[target=fc_input_zero_point_0]
    %quantize_per_tensor : [#users=1] = call_function[target=torch.quantize_per_tensor](args = (%x, %fc_input_scale_0, %fc_input_zero_point_0, torch.quint8), kwargs = {})
    %fc : [#users=1] = call_module[target=fc](args = (%quantize_per_tensor,), kwargs = {})
    %dequantize : [#users=1] = call_method[target=dequantize](args = (%fc,), kwargs = {})
    return dequantize`);
  });
});
