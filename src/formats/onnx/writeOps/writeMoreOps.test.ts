import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../../exec/testDevice';
import { TestModel } from '../../../exec/testModel';
import { run } from '../../../exec/testOps';
import { TORCH_WINDOWS } from '../../../exec/testTorchOps';
import { nodeName } from '../../../graph/ids';
import type { Shape } from '../../../graph/shape';
import { floatTensor, sizeOf, type Tensor } from '../../../graph/tensor';
import { to } from '../../../graph/testGraph';
import { bytesSource } from '../../byteSource';
import { decodeModel } from '../file/modelProto';
import { values } from '../testModel';
import { relativeError, runOnnxOn } from '../testRuntime';
import { writeOnnx } from '../write';

const F = 'torch.nn.functional';
const some = (...shape: number[]) => floatTensor(shape, values(sizeOf(shape), 3));
const slice = (start: number | null, stop: number | null, step: number | null = null) => ({
  slice: [start, stop, step] as const,
});
const all = slice(null, null);

/** A model over `x`, of the given shape or of what can be derived. */
function modelOf(write: (g: TestModel) => string, shape?: Shape) {
  const g = new TestModel();
  g.input('x');
  const model = g.build(write(g));
  return shape ? { ...model, inputShapes: { [nodeName('x')]: shape } } : model;
}

beforeAll(() => openTestDevice('cpu'));

describe('windows: ONNX Runtime computes what PyTorch does', () => {
  it.each(TORCH_WINDOWS.map((c) => [c.name, c] as const))('%s', async (_, { input, output, ...module }) => {
    const bytes = writeOnnx(modelOf((g) => g.module('y', 'x', module), input.shape));
    const expected = [{ dims: output.shape, data: output.data }];
    expect(relativeError(expected, await runOnnxOn(bytes, [input]))).toBeLessThan(1e-6);
  });

  it.each(
    TORCH_WINDOWS.filter(({ attrs, input }) => {
      const isAdaptive = Array.isArray(attrs.output_size) || (Number(attrs.output_size) || 1) > 1;
      return !attrs.ceil_mode && !attrs.divisor_override && !isAdaptive && input.shape[0] !== 4;
    }).map((c) => [c.name, c] as const),
  )('%s, of an unknown size', async (_, { input, output, ...module }) => {
    const bytes = writeOnnx(modelOf((g) => g.module('y', 'x', module)));
    const expected = [{ dims: output.shape, data: output.data }];
    expect(relativeError(expected, await runOnnxOn(bytes, [input]))).toBeLessThan(1e-6);
  });

  it('fused ReLUs', async () => {
    for (const { input, output, ...module } of TORCH_WINDOWS.slice(0, 1)) {
      const fused = { ...module, type: 'torch.nn.intrinsic.ConvReLU1d' };
      const [y] = await runOnnxOn(writeOnnx(modelOf((g) => g.module('y', 'x', fused))), [input]);
      expect(y?.data.every((v, i) => Math.abs(v - Math.max(0, output.data[i] ?? 0)) < 1e-5)).toBe(true);
    }
  });
});

/** Graphs over `x` of shape `[2, 3, 4]`. */
const GRAPHS: Record<string, (g: TestModel) => string> = {
  relu6: (g) => g.call('y', `${F}.relu6`, g.call('m', 'torch.mul', 'x', 9)),
  hardtanh: (g) => g.call('y', `${F}.hardtanh`, 'x', -0.5, 0.25),
  'clamp from below': (g) => g.call('y', 'torch.clamp', 'x', 0.1),
  'clamp from above': (g) => g.call('y', 'torch.clamp', 'x', null, 0.1),
  elu: (g) => g.call('y', `${F}.elu`, 'x', 0.5),
  pow: (g) => g.call('y', 'operator.pow', 'x', 3),
  sqrt: (g) => g.call('y', 'torch.sqrt', g.call('p', 'torch.square', 'x')),
  rsqrt: (g) => g.call('y', 'torch.rsqrt', g.call('p', 'torch.square', 'x')),
  reciprocal: (g) => g.call('y', 'torch.reciprocal', 'x'),
  erf: (g) => g.call('y', 'torch.erf', 'x'),
  silu: (g) => g.call('y', `${F}.silu`, 'x'),
  gelu: (g) => g.call('y', `${F}.gelu`, 'x'),
  'gelu with tanh': (g) => g.module('y', 'x', { type: 'torch.nn.GELU', attrs: { approximate: 'tanh' } }),
  'prelu with one slope': (g) => g.call('y', 'torch.prelu', 'x', g.constant('w', some(1))),
  'prelu with slopes': (g) => g.call('y', 'torch.prelu', 'x', g.constant('w', some(3))),
  'layer_norm over two axes': (g) =>
    g.call('y', `${F}.layer_norm`, 'x', [3, 4], g.constant('w', some(3, 4)), g.constant('b', some(3, 4))),
  'layer_norm without tensors': (g) => g.call('y', `${F}.layer_norm`, 'x', [4]),
  permute: (g) => g.method('y', 'permute', 'x', -1, 0, 1),
  cat: (g) => g.call('y', 'torch.cat', [to('x'), to(g.call('r', 'torch.relu', 'x'))], -2),
  'mean of all': (g) => g.call('y', 'torch.mean', 'x'),
  'mean of two axes': (g) => g.call('y', 'torch.mean', 'x', [0, -1]),
  'mean, kept': (g) => g.method('y', 'mean', 'x', 1, true),
  'squeeze of all': (g) => g.call('y', 'torch.squeeze', g.call('u', 'torch.unsqueeze', 'x', 1)),
  'squeeze of one': (g) => g.method('y', 'squeeze', g.method('u', 'unsqueeze', 'x', -1), 3),
  'squeeze of none': (g) => g.method('y', 'squeeze', 'x', -1),
  'x[1]': (g) => g.call('y', 'operator.getitem', 'x', 1),
  'x[..., -1]': (g) => g.call('y', 'operator.getitem', 'x', [{ ellipsis: true }, -1]),
  'x[:, None, -1, 1::2]': (g) => g.call('y', 'operator.getitem', 'x', [all, null, -1, slice(1, null, 2)]),
  'x[None, ..., 1:-1, None]': (g) =>
    g.call('y', 'operator.getitem', 'x', [null, { ellipsis: true }, slice(1, -1), null]),
  'x[:]': (g) => g.call('y', 'operator.getitem', 'x', all),
};

describe('other ops: ONNX Runtime computes what the studio does', () => {
  it.each(Object.entries(GRAPHS))('%s', async (_, write) => {
    const x = floatTensor([2, 3, 4], values(24, 9));
    const { shape, values: data } = await run({ x }, write);
    const result = await runOnnxOn(writeOnnx(modelOf(write, [2, 3, 4])), [x]);
    expect(relativeError([{ dims: shape, data }], result)).toBeLessThan(1e-6);
  });

  it('Embedding reads whole numbers', async () => {
    const attrs = { num_embeddings: 3, embedding_dim: 2 };
    const tensors = { weight: floatTensor([3, 2], Float32Array.of(1, 2, 3, 4, 5, 6)) };
    const write = (g: TestModel) => g.module('y', 'x', { type: 'torch.nn.Embedding', attrs, tensors });
    const x: Tensor = { dtype: 'int32', shape: [1, 2], data: Int32Array.of(2, 0) };
    const expected = [{ dims: [1, 2, 2], data: [5, 6, 1, 2] }];
    expect(await runOnnxOn(writeOnnx(modelOf(write)), [x])).toEqual(expected);
    const cast = (g: TestModel) => {
      g.call('s', 'torch.add', 'x', 0);
      return g.module('y', 's', { type: 'torch.nn.Embedding', attrs, tensors });
    };
    const floats = floatTensor([1, 2], Float32Array.of(2, 0));
    expect(await runOnnxOn(writeOnnx(modelOf(cast)), [floats])).toEqual(expected);
  });

  it('weights keep their names', async () => {
    const [first] = TORCH_WINDOWS;
    if (!first) throw new Error('there are no cases');
    const bytes = writeOnnx(modelOf((g) => g.module('block.conv', 'x', first)));
    const { graph } = await decodeModel(bytesSource(bytes, 'net.onnx'));
    expect(graph.initializer.map((tensor) => tensor.name)).toEqual(['block.conv.weight', 'block.conv.bias']);
    expect(graph.node.map((node) => node.opType)).toEqual(['Conv']);
  });

  it.each<[string, (g: TestModel) => string, string]>([
    [
      'a ceil_mode',
      (g) => g.module('y', 'x', { type: 'torch.nn.MaxPool1d', attrs: { kernel_size: 2, ceil_mode: true } }),
      "Node 'y' (max_pool) has ceil_mode, and its input has shape unknown; ONNX needs to know the last 1 sizes.",
    ],
    ['squeeze of an axis', (g) => g.method('y', 'squeeze', 'x', 1), 'ONNX needs to know their sizes'],
    [
      'slopes',
      (g) => g.call('y', 'torch.prelu', 'x', g.constant('w', some(3))),
      'has 3 slopes and an input of unknown rank',
    ],
  ])('refuses what needs a shape that is not known: %s', (_, write, message) => {
    expect(() => writeOnnx(modelOf(write))).toThrow(message);
  });
});
