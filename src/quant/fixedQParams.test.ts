import { describe, expect, it } from 'vitest';
import { GraphError } from '../graph/errors';
import { checkFixedQParams, withFixedQParams } from './fixedQParams';
import { QCONFIG_PRESETS } from './qconfig';
import { mappingOf, type QConfigMapping } from './qconfigMapping';
import { type Build, buildModel, observedText } from './testPrepare';

const { default: plain, qnnpack } = QCONFIG_PRESETS;
const mapping = (parts: Partial<QConfigMapping> = {}) => withFixedQParams({ ...mappingOf(plain), ...parts });
const square = [
  [1, 2],
  [3, 4],
];
const sigmoid = { type: 'torch.nn.Sigmoid' };

/** As prepare_fx of PyTorch 1.13.1 observes them with `get_default_qconfig_mapping`. */
describe('ops of known output range in PyTorch', () => {
  it.each<readonly [string, Build, string]>([
    [
      'have an input of that range too, where nothing observed it',
      (g) => g.linear('fc', g.module('act', 'x', sigmoid), square),
      'act(x*); fc(act*); output(fc*) | x fixed, act fixed, fc minmax',
    ],
    [
      'read the observer of a quantized op',
      (g) => g.module('act', g.linear('fc', 'x', square), sigmoid),
      'fc(x*); act(fc*); output(act*) | x minmax, fc minmax, act fixed',
    ],
    [
      'read one observer, also where their ranges differ',
      (g) => g.call('add', 'operator.add', g.call('s', 'torch.sigmoid', 'x'), g.call('t', 'torch.tanh', 'x')),
      's(x*); t(x*); add(s*, t*); output(add*) | x fixed, s fixed, t fixed, add minmax',
    ],
  ])('%s', (_, build, expected) => {
    expect(observedText(buildModel(build), mapping())).toBe(expected);
  });

  const model = buildModel((g) => g.method('m', 'sigmoid', g.module('act', 'x', sigmoid)));
  it.each<readonly [string, Partial<QConfigMapping>]>([
    ['by name', { byName: { act: qnnpack } }],
    ['by type', { byType: { 'torch.nn.Sigmoid': plain } }],
  ])('take no other qconfig %s: the error is on the node', (_, choice) => {
    const check = () => checkFixedQParams(mapping(choice), model);
    expect(check).toThrow(/^PyTorch 1\.13\.1 stops here: the output of 'act' \(torch\.nn\.Sigmoid\)/);
    expect(check).toThrow(expect.objectContaining({ node: 'act' }));
    expect(check).toThrow(GraphError);
  });

  it.each<readonly [string, Partial<QConfigMapping>]>([
    ['nothing', {}],
    ['float', { byName: { act: null } }],
    ['another qconfig for a method, which PyTorch does not check', { byName: { m: qnnpack } }],
  ])('take %s', (_, choice) => {
    expect(() => checkFixedQParams(mapping(choice), model)).not.toThrow();
  });
});
