import { beforeAll, describe, expect, it } from 'vitest';
import { conv } from '../equalize/testLayers';
import { openTestDevice } from '../exec/testDevice';
import { type Build, buildModel } from '../quant/testPrepare';
import { nodeDetails } from './details';
import { DEFAULT_SETTINGS, type Settings } from './settings';
import { runPipeline, testBatch } from './testRun';

beforeAll(() => openTestDevice('cpu'));

const F = 'torch.nn.functional';
const square = [
  [1, 2],
  [-3, 0.4],
];
const GRAPHS: Record<string, Build> = {
  'connected layers': (g) => g.linear('b', g.linear('a', 'x', square), square),
  'an op that a scale passes between them': (g) =>
    g.linear('b', g.call('relu', 'torch.relu', g.linear('a', 'x', square)), square),
  'several such ops': (g) => {
    const leaky = g.call('leaky', `${F}.leaky_relu`, g.linear('a', 'x', square), 0.1);
    return g.linear('b', g.module('drop', leaky, { type: 'torch.nn.Dropout' }), square);
  },
  'another reader of the input': (g) => g.call('add', 'operator.add', 'x', g.linear('a', 'x', square)),
  'another reader of the layer between': (g) => {
    const a = g.linear('a', 'x', square);
    return g.call('add', 'operator.add', g.linear('b', a, square), a);
  },
  'a view between': (g) => g.linear('b', g.method('view', 'view', g.linear('a', 'x', square), -1, 2), square),
};

/** Graphs over images of two channels, 2 by 2: PyTorch takes no others where a Linear reads one. */
const IMAGES: Record<string, Build> = {
  'a convolution': (g) => conv(g, 'a', 'x', 2),
  'connected convolutions': (g) =>
    conv(g, 'b', g.call('pool', `${F}.max_pool2d`, conv(g, 'a', 'x', 2), 1), 2),
  'a convolution whose channels a Linear reads': (g) =>
    g.linear('b', g.method('last', 'permute', conv(g, 'a', 'x', 2), 0, 2, 3, 1), square),
  'a convolution and a Linear of one value': (g) => [conv(g, 'a', 'x', 2), g.linear('b', 'x', square)],
};
const CASES: readonly (readonly [string, Build, readonly number[]])[] = [
  ...Object.entries(GRAPHS).map(([title, build]) => [title, build, [2]] as const),
  ...Object.entries(IMAGES).map(([title, build]) => [title, build, [2, 2, 2]] as const),
];

describe.each(['exact', 'pytorch'] as const)('in %s semantics, an observer of', (semantics) => {
  it.each(CASES)('%s: its columns after equalization make up its range', async (_, build, sample) => {
    const settings: Settings = { ...DEFAULT_SETTINGS, semantics };
    const run = await runPipeline(buildModel(build), [testBatch(20, sample)], settings);
    const observers = Object.keys(run.calibrate.model.observers);
    // One object at several values, as PyTorch shares them, has the range of all of them.
    const shared = Object.entries(run.equalize.model.observers).flatMap(([name, { sharesWith }]) =>
      sharesWith ? [name, sharesWith] : [],
    );
    const names = run.equalize.model.graph.nodes
      .map(({ name }) => name)
      .filter((name) => observers.includes(name) && !shared.some((other) => other === name));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const { input, observer } = nodeDetails(run, settings, 'equalize', name, 'lowered');
      expect(Math.max(...(input?.after?.max ?? [])), name).toBe(observer?.after?.max);
      expect(Math.min(...(input?.after?.min ?? [])), name).toBe(observer?.after?.min);
    }
  });
});
