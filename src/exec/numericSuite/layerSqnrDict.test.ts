import { beforeAll, describe, expect, it } from 'vitest';
import { GraphError } from '../../graph/errors';
import { GraphIndex } from '../../graph/graph';
import { nodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { type Node, ref } from '../../graph/node';
import { floatTensor } from '../../graph/tensor';
import { normal, quietJob, testBatch } from '../../pipeline/testRun';
import { noteOfRelu, TAKEN_RELUS } from '../../quant/fuse/fusedRelu';
import { openTestDevice } from '../testDevice';
import { TestModel } from '../testModel';
import { layerSqnrDict, matchModels } from './layerSqnrDict';
import { lowestSqnrLayers } from './lowestSqnrLayers';
import { qualifiedNames } from './qualifiedNames';
import { matchableSubgraphs } from './subgraphs';

beforeAll(() => openTestDevice('cpu'));

const F = 'torch.nn.functional';
const OBSERVER = { type: 'torch.ao.quantization.observer.MinMaxObserver' };
const random = normal(3);
const values = (...shape: readonly number[]) =>
  floatTensor(shape, Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, random));
const linear = (inFeatures: number, outFeatures: number, type = 'torch.nn.Linear') => ({
  type,
  attrs: { in_features: inFeatures, out_features: outFeatures, bias: false },
  tensors: { weight: values(outFeatures, inFeatures) },
});

function modelOf(build: (g: TestModel) => string): Model {
  const g = new TestModel();
  g.input('x');
  return g.build(build(g));
}

/** `base → end`, in the order in which PyTorch finds them. */
const found = (build: (g: TestModel) => string) =>
  matchableSubgraphs(modelOf(build)).map(({ base, end }) =>
    base === end ? base.name : `${base.name} → ${end.name}`,
  );

describe('ops that can have a counterpart', () => {
  it('are found from the output backwards, the last input first', () => {
    const graph = (g: TestModel) =>
      g.call('cat', 'torch.cat', [
        { node: nodeName(g.module('a', 'x', linear(4, 3))) },
        { node: nodeName(g.module('b', 'x', linear(4, 3))) },
      ]);
    expect(found(graph)).toEqual(['cat', 'b', 'a']);
  });

  it('are one with the observer and the ReLU behind them, where PyTorch has a pattern', () => {
    const observed = (g: TestModel, value: string, name = 'obs') => g.module(name, value, OBSERVER);
    const weight = (g: TestModel) => g.constant('w', values(3, 4));
    expect(
      found((g) => observed(g, g.call('relu', `${F}.relu`, g.call('f', `${F}.linear`, 'x', weight(g))))),
    ).toEqual(['f → obs']);
    expect(found((g) => g.call('relu', 'torch.relu', g.call('add', 'torch.add', 'x', 1)))).toEqual([
      'add → relu',
    ]);
    // torch.relu behind a layer is an op of its own, and so is a ReLU behind an observer.
    expect(found((g) => g.call('relu', 'torch.relu', g.module('a', 'x', linear(4, 3))))).toEqual([
      'relu',
      'a',
    ]);
    expect(
      found((g) => g.call('relu', `${F}.relu`, observed(g, g.call('add', 'operator.add', 'x', 1)))),
    ).toEqual(['relu', 'add → obs']);
  });

  it('are not torch.mul, reshapes by method, Identity, nor observers of inputs', () => {
    const graph = (g: TestModel) => {
      const observed = g.module('obs', 'x', OBSERVER);
      const a = g.module('a', observed, linear(4, 4));
      const mul = g.call('mul', 'torch.mul', a, 2);
      const shaped = g.method('reshape', 'reshape', mul, -1, 4);
      return g.module('same', shaped, { type: 'torch.nn.Identity' });
    };
    expect(found(graph)).toEqual(['a']);
  });
});

describe('matching', () => {
  const gelu = (g: TestModel) => g.call('gelu', `${F}.gelu`, g.module('a', 'x', linear(4, 3)));

  it('passes over ops that PyTorch has no name for', () => {
    expect(matchModels(modelOf(gelu), modelOf(gelu)).map(({ float }) => float.base.name)).toEqual(['a']);
  });

  it('takes a quantized layer for its float one, fused or not', () => {
    const float = modelOf((g) => g.module('a', 'x', linear(4, 3, 'torch.nn.intrinsic.LinearReLU')));
    const other = modelOf((g) => g.module('b', 'x', linear(4, 3)));
    expect(matchModels(float, other)).toHaveLength(1);
  });

  it('refuses graphs of different ops or another number of them, at the node at fault', () => {
    const layer = modelOf((g) => g.module('a', 'x', linear(4, 3)));
    const tanh = modelOf((g) => g.call('tanh', 'torch.tanh', 'x'));
    const both = modelOf(gelu);
    expect(() => matchModels(layer, tanh)).toThrow(GraphError);
    expect(() => matchModels(layer, tanh)).toThrow(/'a' \(torch.nn.Linear\) .* would meet 'tanh'/);
    expect(() => matchModels(layer, both)).toThrow(/would meet 'gelu'/);
    expect(() =>
      matchModels(
        modelOf(() => 'x'),
        layer,
      ),
    ).toThrow(/nothing of the float model would meet 'a'/);
  });
});

describe('SQNR per layer', () => {
  it('has 20 log10 of the norms, under the modules’ names; functions of the root share one', async () => {
    const graph = (scale: number) => (g: TestModel) => {
      const a = g.linear('a', 'x', [
        [1, 0],
        [0, scale],
      ]);
      return g.call('sigmoid', 'torch.sigmoid', g.call('tanh', 'torch.tanh', a));
    };
    const batch = testBatch(1, [2]);
    for (const [i, value] of [3, 4].entries()) Object.values(batch.inputs)[0]?.data.set([value], i);
    const sqnr = await layerSqnrDict(modelOf(graph(1)), modelOf(graph(1.5)), batch, quietJob);
    expect([...sqnr.keys()]).toEqual(['a', '']);
    // ‖(3, 4)‖ over ‖(0, 2)‖.
    expect(sqnr.get('a')).toBeCloseTo(20 * Math.log10(5 / 2), 5);
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-Math.tanh(x)));
    const norm = Math.hypot(sigmoid(3), sigmoid(4));
    expect(sqnr.get('')).toBeCloseTo(20 * Math.log10(norm / Math.abs(sigmoid(4) - sigmoid(6))), 0);
  });

  it('is that of the last call of a module', async () => {
    const graph = (scale: number) => (g: TestModel) => g.again('a_1', 'a', g.linear('a', 'x', [[scale]]));
    const sqnr = await layerSqnrDict(modelOf(graph(1)), modelOf(graph(0.5)), testBatch(4, [1]), quietJob);
    expect([...sqnr]).toEqual([['a', expect.closeTo(20 * Math.log10(1 / 0.75), 4)]]);
  });

  it('is filed under the name that a node gets when PyTorch numbers the nodes anew', () => {
    const relu: Node = {
      name: nodeName('relu'),
      op: 'call_function',
      target: `${F}.relu`,
      args: [ref(nodeName('a'))],
      kwargs: {},
    };
    const layer = linear(4, 4, 'torch.nn.intrinsic.LinearReLU');
    const note = noteOfRelu(new GraphIndex({ nodes: [relu] }), nodeName('a'), relu);
    const fused = { ...layer, attrs: { ...layer.attrs, [TAKEN_RELUS]: [note] } };
    const model = modelOf((g) => {
      const act = g.module('act', g.module('a', 'x', fused), { type: 'torch.nn.Tanh' });
      return g.module(
        'block.0',
        g.again('relu_1', 'relu', g.module('relu', act, { type: 'torch.nn.ReLU' })),
        linear(4, 2),
      );
    });
    const nodes = model.graph.nodes.map((node) =>
      node.name === 'relu' ? { ...node, name: nodeName('relu_2') } : node,
    );
    expect([...qualifiedNames({ ...model, graph: { nodes } })]).toEqual([
      ['x', ''],
      ['a', 'a'],
      ['act', 'act'],
      // The function's name is free again.
      ['relu_2', ''],
      ['relu_1', 'relu'],
      ['block.0', 'block.0'],
      ['output', ''],
    ]);
  });

  it('of a layer without signal is −∞, or NaN where nothing differs', async () => {
    const graph = (weight: number) => modelOf((g) => g.linear('a', 'x', [[weight]]));
    const of = async (weight: number) =>
      (await layerSqnrDict(graph(0), graph(weight), testBatch(4, [1]), quietJob)).get('a');
    expect(await of(1)).toBe(Number.NEGATIVE_INFINITY);
    expect(await of(0)).toBeNaN();
  });
});

describe('the layers of lowest SQNR', () => {
  const sqnr = [
    ['a', 30],
    ['b', 10],
    ['', 20],
    ['c', 10],
  ] as const;

  it.each([
    [0, []],
    [1, ['b']],
    [3, ['b', 'c', '']],
    [9, ['b', 'c', '', 'a']],
  ])('%i of four', (count, names) => {
    expect(lowestSqnrLayers(sqnr, count)).toEqual(names);
  });

  it('begin with those that int8 breaks altogether', () => {
    expect(
      lowestSqnrLayers(
        new Map([
          ['a', 1],
          ['b', Number.NaN],
        ]),
        1,
      ),
    ).toEqual(['b']);
  });

  it.each([-1, 1.5, Number.NaN])('%d of them are none', (count) => {
    expect(() => lowestSqnrLayers(sqnr, count)).toThrow(RangeError);
  });
});
