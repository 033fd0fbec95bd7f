import fc from 'fast-check';
import { TestModel } from '../exec/testModel';
import type { Model } from '../graph/model';
import { type FloatTensor, floatTensor } from '../graph/tensor';
import { to } from '../graph/testGraph';
import { normal } from './testRun';

/* Random networks of Linear layers and what may stand between them. For tests only. */

export const WIDTH = 4;

/** One op of a random network: what it is and which earlier values it reads (indices taken modulo what is there). */
const layer = fc.constantFrom('linear', 'linear', 'linear', 'linear', 'functional', 'again');
const other = fc.constantFrom(
  ...([
    'relu',
    'F.relu',
    'leaky',
    'sigmoid',
    'tanh',
    'add',
    'mul',
    'sub',
    'half',
    'identity',
    'dropout',
    'softmax',
    'gelu',
    'relu6',
    'hardtanh',
    'prelu',
    'layer_norm',
    'cat',
    'flip',
    'conv',
  ] as const),
);
/** Mostly the value just made, so that chains of layer, op, layer are common. */
const earlier = fc.constantFrom(0, 0, 0, 0, 1, 2, 5);
const step = fc.record({
  kind: fc.oneof(layer, other),
  a: earlier,
  b: fc.nat(7),
  bias: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

export const network = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 9 }),
  excluded: fc.array(fc.nat(9), { maxLength: 3 }),
  outputs: fc.array(fc.constantFrom(0, 0, 0, 1, 4), { minLength: 1, maxLength: 2 }),
  seed: fc.nat(1000),
});

function addStep(
  g: TestModel,
  { kind, a, b, bias }: Step,
  values: string[],
  modules: string[],
  random: () => number,
): string {
  const name = `n${values.length}`;
  const pick = (i: number) => values[values.length - 1 - (i % values.length)] ?? 'x';
  const tensor = (...shape: number[]) =>
    floatTensor(shape, Float32Array.from({ length: shape.reduce((p, q) => p * q, 1) }, random));
  const linear = () => {
    modules.push(name);
    const tensors = { weight: tensor(WIDTH, WIDTH), ...(bias && { bias: tensor(WIDTH) }) };
    return g.module(name, pick(a), {
      type: 'torch.nn.Linear',
      attrs: { in_features: WIDTH, out_features: WIDTH, bias },
      tensors,
    });
  };
  switch (kind) {
    case 'linear':
      return linear();
    case 'again': {
      const module = modules[b % Math.max(1, modules.length)];
      return module === undefined ? linear() : g.again(name, module, pick(a));
    }
    case 'functional':
      return g.call(
        name,
        'torch.nn.functional.linear',
        pick(a),
        g.constant(`${name}_w`, tensor(WIDTH, WIDTH)),
      );
    case 'layer_norm': {
      const tensors = { weight: tensor(WIDTH), bias: tensor(WIDTH) };
      return g.module(name, pick(a), {
        type: 'torch.nn.LayerNorm',
        attrs: { normalized_shape: [WIDTH] },
        tensors,
      });
    }
    case 'cat': {
      // Two values side by side, and a window of the old width over their seam.
      const both = g.call(`${name}_both`, 'torch.cat', [to(pick(a)), to(pick(b))], -1);
      const window = [{ ellipsis: true }, { slice: [1, 1 + WIDTH, null] }] as const;
      return g.call(name, 'operator.getitem', both, window);
    }
    case 'conv':
      return addConv(g, name, pick(a), bias, tensor);
    case 'prelu':
      return g.module(name, pick(a), {
        type: 'torch.nn.PReLU',
        tensors: { weight: tensor(bias ? 1 : WIDTH) },
      });
    case 'add':
    case 'mul':
    case 'sub':
      return g.call(name, `operator.${kind}`, pick(a), pick(b));
    default:
      return ACTIVATIONS[kind](g, name, pick(a));
  }
}

/** Ops of one value, without tensors. */
const ACTIVATIONS = {
  relu: (g: TestModel, name: string, x: string) => g.module(name, x, { type: 'torch.nn.ReLU' }),
  'F.relu': (g: TestModel, name: string, x: string) => g.call(name, 'torch.nn.functional.relu', x),
  leaky: (g: TestModel, name: string, x: string) => g.call(name, 'torch.nn.functional.leaky_relu', x, 0.1),
  sigmoid: (g: TestModel, name: string, x: string) => g.call(name, 'torch.sigmoid', x),
  tanh: (g: TestModel, name: string, x: string) => g.module(name, x, { type: 'torch.nn.Tanh' }),
  softmax: (g: TestModel, name: string, x: string) => g.call(name, 'torch.softmax', x, -1),
  identity: (g: TestModel, name: string, x: string) => g.module(name, x, { type: 'torch.nn.Identity' }),
  dropout: (g: TestModel, name: string, x: string) => g.module(name, x, { type: 'torch.nn.Dropout' }),
  gelu: (g: TestModel, name: string, x: string) => g.call(name, 'torch.nn.functional.gelu', x),
  relu6: (g: TestModel, name: string, x: string) => g.module(name, x, { type: 'torch.nn.ReLU6' }),
  hardtanh: (g: TestModel, name: string, x: string) =>
    g.call(name, 'torch.nn.functional.hardtanh', x, -0.5, 2),
  flip: (g: TestModel, name: string, x: string) =>
    g.method(name, 'permute', g.method(`${name}_t`, 'permute', x, 1, 0), 1, 0),
  half: (g: TestModel, name: string, x: string) => g.call(name, 'operator.mul', x, 0.5),
} as const;

/** A Conv1d along the columns, and its BatchNorm1d: `[n, width]` as `[n, 1, width]` and back. */
function addConv(
  g: TestModel,
  name: string,
  input: string,
  bias: boolean,
  tensor: (...shape: number[]) => FloatTensor,
): string {
  const line = g.method(`${name}_line`, 'unsqueeze', input, 1);
  const y = g.module(`${name}_conv`, line, {
    type: 'torch.nn.Conv1d',
    attrs: { in_channels: 1, out_channels: 1, kernel_size: [3], padding: [1], bias },
    tensors: { weight: tensor(1, 1, 3), ...(bias && { bias: tensor(1) }) },
  });
  const normal = g.module(`${name}_norm`, y, {
    type: 'torch.nn.BatchNorm1d',
    attrs: { num_features: 1 },
    tensors: {
      weight: tensor(1),
      bias: tensor(1),
      running_mean: tensor(1),
      running_var: floatTensor(
        [1],
        tensor(1).data.map((v) => Math.abs(v) + 0.1),
      ),
    },
  });
  return g.call(name, 'torch.squeeze', normal, 1);
}

export function networkOf({
  steps,
  outputs,
  seed,
}: {
  steps: readonly Step[];
  outputs: readonly number[];
  seed: number;
}): Model {
  const g = new TestModel();
  const random = normal(seed + 1);
  const values = [g.input('x')];
  const modules: string[] = [];
  for (const s of steps) values.push(addStep(g, s, values, modules, random));
  const last = values.length - 1;
  return g.build(...outputs.map((o) => values[Math.max(1, last - o)] ?? 'x'));
}
