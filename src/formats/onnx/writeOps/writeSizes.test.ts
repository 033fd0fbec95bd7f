import { describe, expect, it } from 'vitest';
import { TestModel } from '../../../exec/testModel';
import { nodeName } from '../../../graph/ids';
import type { Model } from '../../../graph/model';
import type { Shape } from '../../../graph/shape';
import { bytesSource } from '../../byteSource';
import { decodeModel } from '../file/modelProto';
import { values } from '../testModel';
import { runOnnx } from '../testRuntime';
import { writeOnnx } from '../write';

/** A graph over the input `x` of that shape. */
function model(shape: Shape, build: (g: TestModel) => string): Model {
  const g = new TestModel();
  g.input('x');
  return { ...g.build(build(g)), inputShapes: { [nodeName('x')]: shape } };
}
const opsOf = async (written: Model) =>
  (await decodeModel(bytesSource(writeOnnx(written), 'x.onnx'))).graph.node.map((node) => node.opType);
const size = (g: TestModel, dim: number) => g.method(`size${dim}`, 'size', 'x', dim);
const flat = (g: TestModel) => g.method('v', 'view', 'x', size(g, 0), -1);

/** Two open axes, so that the shape must be computed when the model runs. */
const OPEN: Record<string, readonly [(g: TestModel) => string, readonly string[], readonly number[]]> = {
  'view(n, t, 2, -1)': [
    (g) => g.method('v', 'view', 'x', size(g, 0), size(g, 1), 2, -1),
    ['Shape', 'Gather', 'Gather', 'Concat', 'Reshape'],
    [3, 5, 2, 2],
  ],
  'view(n * t, -1)': [
    (g) => g.method('v', 'view', 'x', g.call('r', 'operator.mul', size(g, 0), size(g, 1)), -1),
    ['Shape', 'Gather', 'Gather', 'Mul', 'Concat', 'Reshape'],
    [15, 4],
  ],
  'view(x.shape[:-1] + (2, 2))': [
    (g) => {
      g.shape('shape', 'x');
      g.call('front', 'operator.getitem', 'shape', { slice: [null, -1, null] });
      return g.method('v', 'view', 'x', g.call('all', 'operator.add', 'front', [2, 2]));
    },
    ['Shape', 'Slice', 'Concat', 'Concat', 'Reshape'],
    [3, 5, 2, 2],
  ],
  'view(x.size()[0], x.size()[1], -1)': [
    (g) => {
      g.method('all', 'size', 'x');
      const at = (i: number) => g.call(`s${i}`, 'operator.getitem', 'all', i);
      return g.method('v', 'view', 'x', at(0), at(1), -1);
    },
    ['Shape', 'Gather', 'Gather', 'Concat', 'Reshape'],
    [3, 5, 4],
  ],
};

describe('a view by sizes in ONNX', () => {
  it('with one open axis is a constant that fits every batch', async () => {
    const written = model(['n', 5, 4], flat);
    expect(await opsOf(written)).toEqual(['Reshape']);
    for (const samples of [1, 3]) {
      const [y] = await runOnnx(writeOnnx(written), [[samples, 5, 4]]);
      expect(y).toEqual({ dims: [samples, 20], data: [...values(samples * 20, 7)] });
    }
  });

  it('of a tensor of unknown shape is computed', async () => {
    const written = model(null, flat);
    expect(await opsOf(written)).toEqual(['Shape', 'Gather', 'Concat', 'Reshape']);
    const [y] = await runOnnx(writeOnnx(written), [[3, 2, 2]]);
    expect(y?.dims).toEqual([3, 4]);
  });

  it.each(Object.entries(OPEN))('with two open axes: %s', async (_, [build, ops, dims]) => {
    const written = model(['n', 't', 4], build);
    expect(await opsOf(written)).toEqual(ops);
    const [y] = await runOnnx(writeOnnx(written), [[3, 5, 4]]);
    expect(y).toEqual({ dims, data: [...values(60, 7)] });
  });

  it('arithmetic on sizes is that of Python', async () => {
    const written = model(['n', 't', 4], (g) => {
      g.call('more', 'operator.add', size(g, 1), 6);
      g.call('half', 'operator.floordiv', 'more', 2);
      g.call('rest', 'operator.mod', 'more', 4);
      g.call('less', 'operator.sub', 'half', 'rest');
      return g.method('v', 'view', 'x', 'half', 'less', -1);
    });
    const ops = await opsOf(written);
    expect(ops.filter((op) => ['Add', 'Div', 'Mod', 'Sub'].includes(op))).toEqual([
      'Add',
      'Div',
      'Mod',
      'Sub',
    ]);
    // t = 5: (5 + 6) // 2 = 5, 11 % 4 = 3, 5 − 3 = 2.
    const [y] = await runOnnx(writeOnnx(written), [[3, 5, 4]]);
    expect(y?.dims).toEqual([5, 2, 6]);
  });
});

describe('a size in arithmetic on tensors', () => {
  it('is a constant where it is the same for every input', async () => {
    const written = model(['n', 4], (g) =>
      g.call('y', 'operator.truediv', 'x', g.call('r', 'math.sqrt', size(g, 1))),
    );
    expect(await opsOf(written)).toEqual(['Div']);
    const [y] = await runOnnx(writeOnnx(written), [[3, 4]]);
    expect(y?.data).toEqual([...values(12, 7)].map((value) => Math.fround(value / 2)));
  });

  it('is computed where it is not, once', async () => {
    const written = model(['n', 4], (g) => {
      size(g, 0);
      return g.call('z', 'operator.mul', g.call('y', 'operator.mul', 'x', 'size0'), 'size0');
    });
    expect(await opsOf(written)).toEqual(['Shape', 'Gather', 'Squeeze', 'Cast', 'Mul', 'Mul']);
    const [y] = await runOnnx(writeOnnx(written), [[2, 4]]);
    expect(y?.data).toEqual([...values(8, 7)].map((value) => value * 4));
  });

  it('that is a fraction of an open axis is refused', () => {
    const written = model(['n', 4], (g) =>
      g.call('y', 'operator.truediv', 'x', g.call('r', 'math.sqrt', size(g, 0))),
    );
    expect(() => writeOnnx(written)).toThrow("Node 'r' computes a size that depends on the input with sqrt");
  });
});
