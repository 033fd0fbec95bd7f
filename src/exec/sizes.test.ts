import { beforeAll, describe, expect, it } from 'vitest';
import { floatTensor } from '../graph/tensor';
import { to } from '../graph/testGraph';
import { Executor } from './executor';
import { openTestDevice, TEST_BACKENDS } from './testDevice';
import { TestModel } from './testModel';
import { run } from './testOps';

const count = (size: number) => Float32Array.from({ length: size }, (_, i) => i);
const x = (samples: number) => floatTensor([samples, 2, 6], count(samples * 12));
const size = (g: TestModel, dim: number) => g.method(`size${dim}`, 'size', 'x', dim);
const slice = { slice: [null, -1, null] as const };

describe.each(TEST_BACKENDS)('sizes on %s', (backend) => {
  beforeAll(() => openTestDevice(backend));

  it.each<readonly [string, (g: TestModel) => string, (samples: number) => readonly number[]]>([
    ['x.view(x.size(0), -1)', (g) => g.method('v', 'view', 'x', size(g, 0), -1), (n) => [n, 12]],
    [
      'x.reshape(x.shape[0], -1)',
      (g) => {
        g.shape('shape', 'x');
        return g.method('v', 'reshape', 'x', g.call('n', 'operator.getitem', 'shape', 0), -1);
      },
      (n) => [n, 12],
    ],
    [
      'x.view(n * t, d // 2, -1)',
      (g) => {
        g.call('rows', 'operator.mul', size(g, 0), size(g, 1));
        g.call('half', 'operator.floordiv', size(g, 2), 2);
        return g.method('v', 'view', 'x', 'rows', 'half', -1);
      },
      (n) => [2 * n, 3, 2],
    ],
    [
      'x.view(x.size()[:-1] + (3, d // 3))',
      (g) => {
        g.method('all', 'size', 'x');
        g.call('front', 'operator.getitem', 'all', slice);
        g.call('third', 'operator.floordiv', size(g, -1), 3);
        g.call('shape', 'operator.add', 'front', [3, to('third')]);
        return g.method('v', 'view', 'x', 'shape');
      },
      (n) => [n, 2, 3, 2],
    ],
  ])('%s follows the input', async (_, build, expected) => {
    for (const samples of [1, 3]) {
      const { shape, values } = await run({ x: x(samples) }, build);
      expect(shape).toEqual(expected(samples));
      expect(values).toEqual([...count(samples * 12)]);
    }
  });

  it('are numbers in arithmetic on tensors', async () => {
    const { values } = await run({ x: x(1) }, (g) =>
      g.call('y', 'operator.mul', g.call('d', 'operator.truediv', 'x', size(g, 1)), size(g, -1)),
    );
    expect(values).toEqual([...count(12)].map((value) => value * 3));
  });

  it.each<readonly [string, (g: TestModel) => string, string]>([
    [
      'an axis that is none',
      (g) => g.method('v', 'view', 'x', size(g, 3), -1),
      "'size3' (size) failed: dim 3 lies outside its input [2, 2, 6]",
    ],
    [
      'a fraction in a shape',
      (g) => g.method('v', 'view', 'x', g.call('h', 'operator.truediv', size(g, 2), 4), -1),
      "'v' (reshape) failed: a shape holds whole numbers, not [1.5, -1]",
    ],
    [
      'a place that a list has not',
      (g) => {
        g.method('all', 'size', 'x');
        return g.method('v', 'view', 'x', g.call('n', 'operator.getitem', 'all', 4), -1);
      },
      "'n' (size) failed: index 4 lies outside of the sizes [2, 2, 6]",
    ],
    [
      'a division by zero',
      (g) => g.method('v', 'view', 'x', g.call('n', 'operator.floordiv', size(g, 0), 0), -1),
      "'n' (size) failed: floordiv of its sizes is no number",
    ],
  ])('%s is an error on the node', async (_, build, message) => {
    await expect(run({ x: x(2) }, build)).rejects.toThrow(message);
  });
});

it('a model that returns a size is refused', () => {
  const g = new TestModel();
  g.input('x');
  size(g, 0);
  expect(() => new Executor(g.build('x', 'size0'))).toThrow("returns 'size0', which is a size");
});
