import { describe, expect, it } from 'vitest';
import { TestModel } from '../../exec/testModel';
import type { Dataset } from '../../formats/dataset';
import { nodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { floatTensor } from '../../graph/tensor';
import { to } from '../../graph/testGraph';
import { batchesOf, keepsSamplesApart } from './batching';

const fixedBatch = (shape: readonly number[], build: (g: TestModel) => string): Model => {
  const g = new TestModel();
  g.input('x');
  const model = g.build(build(g));
  return { ...model, inputShapes: { [nodeName('x')]: shape } };
};
const rows = (samples: number, ...sample: number[]): Dataset => ({
  arrays: { x: floatTensor([samples, ...sample], new Float32Array(sample.reduce((a, b) => a * b, samples))) },
  labels: null,
  samples,
  source: 'x.npy',
});
const weight = [
  [1, 2, 3, 4],
  [5, 6, 7, 8],
];

describe('batches of a model exported for one sample', () => {
  it('run many samples at once when nothing mixes them', () => {
    const model = fixedBatch([1, 2, 2], (g) =>
      g.linear('a', g.call('flatten', 'torch.flatten', 'x', 1), weight),
    );
    expect(keepsSamplesApart(model)).toBe(true);
    expect(batchesOf(model, rows(100, 2, 2)).map((b) => b.samples)).toEqual([100]);
  });

  it.each<[string, (g: TestModel) => string]>([
    ['a reshape to a fixed first dimension', (g) => g.call('r', 'torch.reshape', 'x', [1, -1])],
    ['a flatten of everything', (g) => g.call('f', 'torch.flatten', 'x', 0)],
    ['a transpose of axis 0', (g) => g.call('t', 'torch.transpose', 'x', 0, 1)],
    ['a mean over axis 0', (g) => g.call('m', 'torch.mean', 'x', 0, true)],
    ['cat along axis 0', (g) => g.call('c', 'torch.cat', [to('x'), to('x')], 0)],
    ['an index of axis 0', (g) => g.call('i', 'operator.getitem', 'x', 0)],
    ['a LayerNorm of everything', (g) => g.call('n', 'torch.layer_norm', 'x', [1, 2, 2])],
    ['a softmax over axis 0', (g) => g.call('s', 'torch.softmax', 'x', 0)],
    [
      'a constant with rows',
      (g) => g.call('add', 'torch.add', 'x', g.constant('c', floatTensor([3, 2, 2], new Float32Array(12)))),
    ],
  ])('stay single with %s', (_, build) => {
    const model = fixedBatch([1, 2, 2], build);
    expect(keepsSamplesApart(model)).toBe(false);
    expect(batchesOf(model, rows(3, 2, 2)).map((b) => b.samples)).toEqual([1, 1, 1]);
  });

  const size = (g: TestModel, dim: number) => g.method(`size${dim}`, 'size', 'x', dim);
  it.each<[string, boolean, (g: TestModel) => string]>([
    ['x.view(x.size(0), -1)', true, (g) => g.method('v', 'view', 'x', size(g, 0), -1)],
    [
      'x.view(x.size(0), x.size(1), 1, -1)',
      true,
      (g) => g.method('v', 'view', 'x', size(g, 0), size(g, 1), 1, -1),
    ],
    ['x / x.size(1)', true, (g) => g.call('d', 'operator.truediv', 'x', size(g, 1))],
    ['x / x.size(0)', false, (g) => g.call('d', 'operator.truediv', 'x', size(g, 0))],
    ['x.view(-1, x.size(0))', false, (g) => g.method('v', 'view', 'x', -1, size(g, 0))],
    [
      'x.view(n, n // 1 + 1, -1)',
      false,
      (g) => g.method('v', 'view', 'x', size(g, 0), g.call('m', 'operator.add', 'size0', 1), -1),
    ],
  ])('with sizes of one: %s keeps samples apart: %s', (_, apart, build) => {
    expect(keepsSamplesApart(fixedBatch([1, 2, 2], build))).toBe(apart);
  });

  it('keep another fixed size', () => {
    const model = fixedBatch([4, 2, 2], (g) => g.call('relu', 'torch.relu', 'x'));
    expect(batchesOf(model, rows(8, 2, 2)).map((b) => b.samples)).toEqual([4, 4]);
  });
});
