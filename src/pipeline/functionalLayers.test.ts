import { beforeAll, describe, expect, it } from 'vitest';
import { reasonOf } from '../equalize/decision';
import { openTestDevice } from '../exec/testDevice';
import { TestModel } from '../exec/testModel';
import { moduleName, paramName } from '../graph/ids';
import type { Model } from '../graph/model';
import { printGraph } from '../graph/print';
import { asFloat, floatTensor } from '../graph/tensor';
import { weightRanges } from '../quant/weightObserver';
import type { Settings } from './settings';
import { normal, runPipeline, testBatch } from './testRun';

const F = 'torch.nn.functional';
const random = normal(7);
const tensor = (...shape: readonly number[]) =>
  floatTensor(
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random()),
  );

/** `F.linear(F.relu(F.linear(x, w1, BIAS)), w2)`: nothing but functions and constants. */
function twoLayers(bias = 'bias1'): Model {
  const g = new TestModel();
  const x = g.input('x');
  const first = g.call(
    'linear',
    `${F}.linear`,
    x,
    g.constant('w1', tensor(5, 4)),
    g.constant(bias, tensor(5)),
  );
  const relu = g.call('relu', `${F}.relu`, first);
  return g.build(g.call('linear_1', `${F}.linear`, relu, g.constant('w2', tensor(3, 5))));
}

const run = (model: Model, settings: Partial<Settings> = {}) =>
  runPipeline(model, [testBatch(9, [4])], { semantics: 'pytorch', ...settings });
const values = (model: Model, name: string) => asFloat(model.params[paramName(name)], name).data;

beforeAll(() => openTestDevice('cpu'));

describe('functional layers in PyTorch semantics', () => {
  it('have observers behind their weights, in the order and with the names of the seed', async () => {
    const { prepare, equalize } = await run(twoLayers());
    const observers = prepare.model.graph.nodes.filter((node) => node.op === 'call_module');
    expect(observers.map((node) => node.name)).toEqual([
      'x_activation_post_process_0',
      'x_activation_post_process_0_equalization_process_0',
      'w1_activation_post_process_0',
      'w1_activation_post_process_0_equalization_process_0',
      'relu_activation_post_process_0',
      'relu_activation_post_process_0_equalization_process_0',
      'w2_activation_post_process_0',
      'w2_activation_post_process_0_equalization_process_0',
      'linear_1_activation_post_process_0',
    ]);
    expect(printGraph(equalize.model.graph)).toContain(
      '%linear : [#users=1] = call_function[target=torch.nn.functional.linear](args = (%x_activation_post_process_0, %w1_activation_post_process_0, %bias1), kwargs = {})',
    );
  });

  it('show their weights to the observers in calibration; scaling makes the observers forget', async () => {
    const { calibrate, equalize } = await run(twoLayers(), { qconfig: 'per-channel' });
    const name = moduleName('w1_activation_post_process_0');
    const columns = moduleName('w1_activation_post_process_0_equalization_process_0');
    const observer = calibrate.model.weightObservers[name];
    expect(observer?.kind).toBe('per-channel-minmax');
    expect(observer && weightRanges(observer).min.length).toBe(5);
    expect(calibrate.model.weightEqualizationObservers[columns]?.max.length).toBe(4);
    const after = equalize.model.weightObservers[name];
    expect(after && weightRanges(after).min.length).toBe(0);
    expect(equalize.model.weightEqualizationObservers).toEqual({});
    expect(Object.keys(equalize.model.modules)).not.toContain(columns);
  });

  it('scale a bias only where its node is called so: another name changes the function', async () => {
    const named = await run(twoLayers());
    expect(named.equalize.verification.maxRelError).toBeLessThan(1e-5);
    const { equalize, load } = await run(twoLayers('b1'));
    expect(values(equalize.model, 'b1')).toEqual(values(load.model, 'b1'));
    expect(values(equalize.model, 'w1')).not.toEqual(values(load.model, 'w1'));
    expect(equalize.verification.maxRelError).toBeGreaterThan(1e-3);
    const decision = equalize.result.decisions.find(({ layer }) => layer === 'linear_1');
    expect(decision && reasonOf(decision)).toContain('but not its bias b1, since "bias" is not in that name');
  });

  it('stop at a weight that is an nn.Parameter, and not where it is left out', async () => {
    const model = { ...twoLayers(), parameters: [paramName('w2')] };
    await expect(run(model)).rejects.toMatchObject({ name: 'GraphError', node: 'linear_1' });
    await expect(run(model)).rejects.toThrow("'w2', an nn.Parameter");
    const equalization = { global: true, byName: { linear_1: false }, byType: {} };
    await expect(run(model, { equalization })).resolves.toBeDefined();
    await expect(run(model, { semantics: 'exact' })).resolves.toBeDefined();
  });

  it('with a weight given by keyword: observed, not equalized, and multiplied by one', async () => {
    const g = new TestModel();
    const weight = g.constant('w', tensor(3, 4));
    const model = g.build(g.callByName('f', `${F}.linear`, [g.input('x')], { weight }));
    const { prepare, equalize } = await run(model);
    expect(Object.keys(prepare.model.weightObservers)).toEqual(['w_activation_post_process_0']);
    expect(prepare.model.weightEqualizationObservers).toEqual({});
    expect(equalize.model.params[paramName('x_equalization_scale0')]).toMatchObject({ shape: [] });
    expect(values(equalize.model, 'w')).toEqual(values(model, 'w'));
  });

  it('one node read by two layers has one observer and one of the columns for each', async () => {
    const g = new TestModel();
    const weight = g.constant('w', tensor(4, 4));
    const first = g.call('f', `${F}.linear`, g.input('x'), weight);
    const { prepare } = await run(g.build(g.call('f_1', `${F}.linear`, first, weight)));
    expect(Object.keys(prepare.model.weightObservers)).toEqual(['w_activation_post_process_0']);
    expect(Object.keys(prepare.model.weightEqualizationObservers)).toEqual([
      'w_activation_post_process_0_equalization_process_0',
      'w_activation_post_process_0_equalization_process_1',
    ]);
  });
});

it('functional layers keep their function in exact semantics, whatever the bias is called', async () => {
  const { equalize } = await run(twoLayers('b1'), { semantics: 'exact' });
  expect(equalize.verification.maxRelError).toBeLessThan(1e-5);
  expect(equalize.result.decisions.map(({ decision }) => decision)).toEqual(['mul', 'fold']);
  expect(equalize.model.weightEqualizationObservers).toEqual({});
  for (const observer of Object.values(equalize.model.weightObservers))
    expect(weightRanges(observer).min).toHaveLength(0);
});
