import { describe, expect, it } from 'vitest';
import { noise, type TestModel } from '../../exec/testModel';
import { moduleName, paramName } from '../../graph/ids';
import { asFloat, floatTensor } from '../../graph/tensor';
import { QCONFIG_PRESETS } from '../qconfig';
import { mappingOf } from '../qconfigMapping';
import { quantizeWeight } from '../quantizeWeight';
import { type BothForms, bothForms, calibrated, converted } from '../testConvert';
import { type Build, buildModel, observe } from '../testPrepare';

const F = 'torch.nn.functional';
const square = [
  [1, 2.4],
  [-3.3, 4],
];
const fc = (g: TestModel, input = 'x', name = 'fc') => g.linear(name, input, square, [1, 2]);
const tensor = ({ lowered }: BothForms, name: string) => asFloat(lowered.params[paramName(name)], name).data;
const specOf = ({ lowered }: BothForms, name: string) => lowered.modules[moduleName(name)];

describe('a quantized Linear', () => {
  it('has the scale and zero point of its output', () => {
    // Saw −2…2: scale 4/127, zero point round(2 / scale) = 64.
    expect(specOf(converted(fc), 'fc')).toEqual({
      type: 'torch.ao.nn.quantized.Linear',
      attrs: {
        in_features: 2,
        out_features: 2,
        bias: true,
        weight_qscheme: 'torch.per_tensor_affine',
        weight_dtype: 'torch.qint8',
        weight_axis: null,
        weight_scale: Math.fround(4 / 127.5),
        weight_zero_point: 0,
        scale: Math.fround(4 / 127),
        zero_point: 64,
      },
    });
  });

  it.each(['default', 'per-channel'] as const)('has its weight on the grid of %s', (name) => {
    const forms = converted(fc, mappingOf(QCONFIG_PRESETS[name]));
    const weight = floatTensor([2, 2], Float32Array.from(square.flat()));
    const { values, qparams } = quantizeWeight(weight, QCONFIG_PRESETS[name].weight);
    expect(tensor(forms, 'fc.weight')).toEqual(values.data);
    expect(tensor(forms, 'fc.weight_scale')).toEqual(Float32Array.from(qparams, (q) => q.scale));
    expect(forms.reference.params[paramName('fc.weight')]).toEqual(weight);
  });

  it('with its ReLU is a quantized LinearReLU', () => {
    const forms = converted((g) => g.call('relu', `${F}.relu`, fc(g)));
    expect(specOf(forms, 'fc')?.type).toBe('torch.nn.intrinsic.quantized.LinearReLU');
  });
});

describe('a packed weight', () => {
  const build: Build = (g) => {
    const weight = floatTensor([2, 2, 3], noise(12, 1));
    const bias = floatTensor([2], noise(2, 2));
    return g.call('c', 'torch.conv1d', 'x', g.constant('w', weight), g.constant('b', bias), 2, 1, 1, 1);
  };

  it('holds the weight on its grid, the bias and the window', () => {
    const forms = converted(build);
    expect(specOf(forms, '_packed_weight_0')).toMatchObject({
      type: 'torch.classes.quantized.Conv2dPackedParamsBase',
      attrs: { kernel_size: [3], stride: [2], padding: [1], dilation: [1], groups: 1, bias: true },
    });
    const { values } = quantizeWeight(floatTensor([2, 2, 3], noise(12, 1)), QCONFIG_PRESETS.default.weight);
    expect(tensor(forms, '_packed_weight_0.weight')).toEqual(values.data);
    expect(tensor(forms, '_packed_weight_0.bias')).toEqual(noise(2, 2));
  });

  it('has no module in the reference form', () => {
    expect(Object.keys(converted(build).reference.modules)).toEqual([]);
  });
});

describe('a module called twice', () => {
  const twice: Build = (g) => g.again('fc_1', 'fc', fc(g));
  const observed = () => calibrated(observe(buildModel(twice)));
  const scalesOf = ({ lowered }: BothForms) =>
    Object.entries(lowered.modules).map(([name, { attrs }]) => [name, attrs.scale]);

  it('gets a quantized one for each call', () => {
    const forms = bothForms(observed());
    expect(scalesOf(forms)).toEqual([
      ['fc', Math.fround(4 / 127)],
      ['fc_1', Math.fround(6 / 127)],
    ]);
    expect(tensor(forms, 'fc_1.weight')).toEqual(tensor(forms, 'fc.weight'));
    expect(tensor(forms, 'fc_1.bias')).toEqual(Float32Array.of(1, 2));
  });

  it('has the last call’s grid for all in PyTorch semantics', () => {
    expect(scalesOf(bothForms(observed(), 'pytorch'))).toEqual([['fc', Math.fround(6 / 127)]]);
  });

  it('keeps its name for a call that stays in float', () => {
    const mapping = { ...mappingOf(QCONFIG_PRESETS.default), byName: { fc_1: null } };
    const forms = converted((g) => [fc(g), g.again('fc_1', 'fc', 'x')], mapping);
    const types = Object.entries(forms.lowered.modules).map(([name, { type }]) => [name, type]);
    expect(types).toEqual([
      ['fc', 'torch.ao.nn.quantized.reference.Linear'],
      ['fc_1', 'torch.ao.nn.quantized.Linear'],
    ]);
  });
});

describe('a PReLU', () => {
  const prelu: Build = (g) =>
    g.module('act', fc(g), {
      type: 'torch.nn.PReLU',
      attrs: { num_parameters: 1 },
      tensors: { weight: floatTensor([1], Float32Array.of(0.25)) },
    });
  const slope = (semantics: 'exact' | 'pytorch') =>
    tensor(bothForms(calibrated(observe(buildModel(prelu))), semantics), 'act.weight');

  it('keeps its slope, which PyTorch rounds to a whole number', () => {
    expect(slope('exact')).toEqual(Float32Array.of(0.25));
    expect(slope('pytorch')).toEqual(Float32Array.of(0));
  });
});
