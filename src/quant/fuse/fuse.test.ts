import { describe, expect, it } from 'vitest';
import type { TestModel } from '../../exec/testModel';
import { applyChange, revertChange } from '../../graph/change';
import { lint } from '../../graph/lint';
import type { Model } from '../../graph/model';
import { LINEAR_RELU } from '../../graph/moduleTypes';
import { printGraph } from '../../graph/print';
import { callFunction, callModule, output, placeholder, to } from '../../graph/testGraph';
import { floatModel } from '../floatModel';
import { type Build, buildModel, observe } from '../testPrepare';
import { fuse } from './fuse';
import { unfuse } from './unfuse';

const F_RELU = 'torch.nn.functional.relu';
const RELU = { type: 'torch.nn.ReLU', attrs: { inplace: false } };
const square = [
  [1, 2],
  [3, 4],
];
const fc = (g: TestModel, input = 'x', name = 'fc') => g.linear(name, input, square, [1, 2]);
const typesOf = (model: Model) => Object.values(model.modules).map((spec) => spec.type);

const FUSED: Record<string, Build> = {
  'nn.ReLU': (g) => g.module('act', fc(g), RELU),
  'F.relu': (g) => g.call('relu', F_RELU, fc(g)),
  'both of a chain': (g) => g.call('relu', F_RELU, fc(g, g.module('act', fc(g), RELU), 'fc2')),
  'one nn.ReLU for two layers': (g) => g.again('act_1', 'act', fc(g, g.module('act', fc(g), RELU), 'fc2')),
  'several readers of the ReLU': (g) => {
    const relu = g.call('relu', F_RELU, fc(g));
    return [g.call('add', 'operator.add', relu, relu), relu];
  },
  'layers first, then their ReLUs': (g) => {
    const [a, b] = [fc(g, 'x', 'a'), fc(g, 'x', 'b')];
    const second = g.call('relu', F_RELU, b);
    return g.call('add', 'operator.add', g.call('relu_1', F_RELU, a), second);
  },
};

const LEFT: Record<string, Build> = {
  'the Linear has two readers': (g) => {
    const a = fc(g);
    return g.call('add', 'operator.add', g.call('relu', F_RELU, a), a);
  },
  'the Linear is also an output': (g) => {
    const a = fc(g);
    return [g.call('relu', F_RELU, a), a];
  },
  'its module is called twice': (g) => g.call('relu', F_RELU, g.again('fc_1', 'fc', fc(g))),
  'torch.relu': (g) => g.call('relu', 'torch.relu', fc(g)),
  'the method relu': (g) => g.method('relu', 'relu', fc(g)),
  'a ReLU in name only': (g) => g.call('relu', 'torch.tanh', fc(g)),
  'another op between': (g) => g.call('relu', F_RELU, g.call('mul', 'torch.mul', fc(g), 2)),
  'a functional Linear': (g) => g.call('relu', F_RELU, g.call('linear', 'torch.matmul', 'x', 'x')),
  'the module is a LeakyReLU': (g) => g.module('act', fc(g), { type: 'torch.nn.LeakyReLU' }),
};

describe('fuse', () => {
  it.each(Object.entries(FUSED))('takes in %s, and unfuse gives the user’s graph back', (_, build) => {
    const model = buildModel(build);
    const { model: fused, changes } = fuse(model);
    lint(fused);
    expect(typesOf(fused)).toContain(LINEAR_RELU);
    expect(printGraph(fused.graph)).not.toMatch(/target=(act|torch\.nn\.functional\.relu)\]/);
    expect(changes.reduce(applyChange, model.graph)).toEqual(fused.graph);
    expect(changes.reduceRight(revertChange, fused.graph)).toEqual(model.graph);
    const back = unfuse(fused);
    lint(back);
    expect(back).toEqual(model);
  });

  it.each(Object.entries(LEFT))('leaves the model alone: %s', (_, build) => {
    const model = buildModel(build);
    const { model: fused, changes } = fuse(model);
    expect(fused).toEqual(model);
    expect(changes).toEqual([]);
    expect(unfuse(fused)).toEqual(model);
  });

  it('keeps how the ReLU was called: in place, by position or keyword', () => {
    const base = buildModel(fc);
    for (const relu of [
      callFunction('relu', F_RELU, [to('fc')], { inplace: true }),
      callFunction('relu', F_RELU, [to('fc'), true]),
      callFunction('relu', F_RELU, [], { input: to('fc'), inplace: false }),
    ]) {
      const nodes = [placeholder('x'), callModule('fc', 'fc', [to('x')]), relu, output(to('relu'))];
      const model = { ...base, graph: { nodes } };
      expect(unfuse(fuse(model).model), JSON.stringify(relu)).toEqual(model);
    }
  });

  it('puts the fused layer where its ReLU stood, as PyTorch does', () => {
    const order = (build: Build) => fuse(buildModel(build)).model.graph.nodes.map((node) => node.name);
    const layersFirst = FUSED['layers first, then their ReLUs'];
    expect(layersFirst && order(layersFirst)).toEqual(['x', 'b', 'a', 'add', 'output']);
  });

  it('says which ReLU a layer took in', () => {
    const { changes } = fuse(buildModel((g) => g.call('relu', F_RELU, fc(g))));
    expect(changes.map((c) => [c.kind, c.sentence])).toEqual([
      ['rescale', 'fc becomes a LinearReLU: it takes in relu.'],
      ['rewire', 'output reads fc instead of relu.'],
      ['remove', 'relu is now a part of fc.'],
    ]);
  });
});

describe('floatModel is the inverse of prepare', () => {
  it.each(Object.entries({ ...FUSED, ...LEFT }))('%s', (_, build) => {
    const model = buildModel(build);
    const back = floatModel(observe(model));
    expect(back.graph.nodes.map((node) => node.name)).toEqual(model.graph.nodes.map((node) => node.name));
    expect(back).toEqual(model);
  });
});
