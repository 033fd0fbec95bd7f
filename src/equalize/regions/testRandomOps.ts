import { to } from '../../graph/testGraph';
import { MOVE_KINDS, MOVE_RULES } from './testMoveOps';
import { tensorOf } from './testNets';
import { BATCH, type Rule } from './testOpRule';

/* The ops of random networks: how each is written for a value, and the shape it makes. For tests only. */

/** The ops by how often they are to come. */
export const KINDS = [
  ...(['linear', 'linear', 'linear', 'linear', 'linear', 'linear', 'functional', 'functional'] as const),
  ...(['conv', 'conv', 'conv', 'conv', 'conv', 'depthwise', 'depthwise', 'again'] as const),
  ...(['layer_norm', 'layer_norm', 'batch_norm', 'batch_norm'] as const),
  ...(['relu', 'leaky', 'prelu', 'sigmoid', 'gelu', 'relu6', 'softmax', 'identity', 'dropout'] as const),
  ...(['add', 'add', 'sub', 'mul', 'div', 'plus', 'times', 'half', 'shift', 'matmul'] as const),
  ...([
    'cat',
    'cat',
    'slice',
    'flatten',
    'view',
    'split',
    'transpose',
    'move',
    'unsqueeze',
    'squeeze',
    'mean',
  ] as const),
  ...(['pool', 'average', 'image'] as const),
  ...(['rms_norm', 'written_norm', 'erf'] as const),
  ...(['abs', 'neg', 'maximum', 'largest', 'sum', 'cumsum', 'hardswish', 'choice'] as const),
  ...MOVE_KINDS,
] as const;
export type Kind = (typeof KINDS)[number];

/** Ops that factors pass or end in, and layers. */
export const CHAIN_KINDS = [
  ...(['linear', 'linear', 'linear', 'conv', 'conv', 'conv', 'depthwise', 'functional'] as const),
  ...(['layer_norm', 'batch_norm', 'relu', 'relu', 'leaky', 'dropout', 'plus', 'times'] as const),
  ...(['flatten', 'view', 'pool', 'average', 'add', 'cat', 'move', 'gelu'] as const),
  ...(['rms_norm', 'written_norm', 'abs', 'neg', 'maximum', 'cumsum'] as const),
  ...MOVE_KINDS,
] as const satisfies readonly Kind[];

const last = (shape: readonly number[]): number => shape[shape.length - 1] ?? 1;
const withLast = (shape: readonly number[], width: number) => [...shape.slice(0, -1), width];
const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const F = 'torch.nn.functional';

const unary =
  (target: string, ...args: readonly number[]): Rule =>
  ({ g, name, value }) => ({ name: g.call(name, target, value.name, ...args), shape: value.shape });
const unaryModule =
  (type: string): Rule =>
  ({ g, name, value }) => ({
    name: g.module(name, value.name, { type: `torch.nn.${type}` }),
    shape: value.shape,
  });
const binary =
  (target: string): Rule =>
  ({ g, name, value, step, partner }) => ({
    name: g.call(name, target, value.name, partner(value, step.b).name),
    shape: value.shape,
  });
/** With a constant: a row along the last axis, or one per channel of an image. */
const withConstant =
  (target: string): Rule =>
  ({ g, name, value: { name: x, shape }, step }) => {
    const image = shape.length === 3 && step.b % 2 === 0;
    const constant = image ? g.param(`${name}_c`, shape[0] ?? 1, 1, 1) : g.param(`${name}_c`, last(shape));
    return { name: g.call(name, target, x, constant), shape };
  };

/** Over the last axis. */
const reduction =
  (target: string): Rule =>
  ({ g, name, value: { name: x, shape }, step }) => {
    const keep = step.b % 2 === 0;
    if (shape.length < 2) return null;
    return {
      name: g.call(name, target, x, [-1], keep),
      shape: keep ? withLast(shape, 1) : shape.slice(0, -1),
    };
  };

const convolution =
  (depthwise: boolean): Rule =>
  ({ g, name, value: { name: x, shape }, step }) => {
    const [channels = 1, height = 1, ...rest] = shape;
    if (shape.length < 2 || shape.length > 3 || height < 2) return null;
    const groups = depthwise ? channels : 1;
    const outputs = depthwise ? channels : step.width;
    return {
      name: g.conv(name, x, channels, outputs, shape.length - 1, groups),
      shape: [outputs, height - 1, ...rest],
    };
  };

export const RULES: { readonly [K in Kind]: Rule } = {
  ...MOVE_RULES,
  linear: ({ g, name, value: { name: x, shape }, step: { width, b } }) => ({
    name: g.fc(name, x, last(shape), width, b % 3 > 0),
    shape: withLast(shape, width),
  }),
  functional: ({ g, name, value: { name: x, shape }, step: { width } }) => ({
    name: g.call(name, `${F}.linear`, x, g.param(`${name}_w`, width, last(shape))),
    shape: withLast(shape, width),
  }),
  conv: convolution(false),
  depthwise: convolution(true),
  again: () => null,
  relu: unary('torch.relu'),
  leaky: unary(`${F}.leaky_relu`, 0.1),
  prelu: ({ g, name, value: { name: x, shape } }) => ({
    name: g.module(name, x, { type: 'torch.nn.PReLU', tensors: { weight: tensorOf(shape[0] ?? 1) } }),
    shape,
  }),
  erf: unary('torch.erf'),
  abs: unary('torch.abs'),
  neg: unary('operator.neg'),
  maximum: binary('torch.maximum'),
  cumsum: ({ g, name, value: { name: x, shape }, step }) => ({
    name: g.call(name, 'torch.cumsum', x, 1 + (step.width % shape.length)),
    shape,
  }),
  hardswish: unary(`${F}.hardswish`),
  largest: reduction('torch.amax'),
  sum: reduction('torch.sum'),
  // The larger of two, written out.
  choice: ({ g, name, value, step, partner }) => {
    const other = partner(value, step.b).name;
    const isLarger = g.call(`${name}_c`, 'torch.gt', value.name, other);
    return { name: g.call(name, 'torch.where', isLarger, value.name, other), shape: value.shape };
  },
  // Over the last axis, with the steps as PyTorch and ONNX have them.
  rms_norm: ({ g, name, value: { name: x, shape } }) => {
    const mean = g.method(`${name}_m`, 'mean', g.method(`${name}_p`, 'pow', x, 2), -1, true);
    const root = g.call(`${name}_r`, 'torch.rsqrt', g.call(`${name}_e`, 'operator.add', mean, 0.01));
    const normal = g.call(`${name}_n`, 'operator.mul', x, root);
    return { name: g.call(name, 'operator.mul', normal, g.param(`${name}_w`, last(shape))), shape };
  },
  written_norm: ({ g, name, value: { name: x, shape } }) => {
    const centred = g.call(`${name}_c`, 'torch.sub', x, g.method(`${name}_m`, 'mean', x, -1, true));
    const variance = g.method(`${name}_v`, 'mean', g.call(`${name}_p`, 'torch.pow', centred, 2), -1, true);
    const root = g.call(`${name}_s`, 'torch.sqrt', g.call(`${name}_e`, 'torch.add', variance, 0.01));
    const normal = g.call(`${name}_d`, 'torch.div', centred, root);
    const scaled = g.call(`${name}_x`, 'torch.mul', normal, g.param(`${name}_w`, last(shape)));
    return { name: g.call(name, 'torch.add', scaled, g.param(`${name}_b`, last(shape))), shape };
  },
  sigmoid: unary('torch.sigmoid'),
  gelu: unary(`${F}.gelu`),
  relu6: unaryModule('ReLU6'),
  softmax: unary('torch.softmax', -1),
  identity: unaryModule('Identity'),
  dropout: unaryModule('Dropout'),
  add: binary('operator.add'),
  sub: binary('operator.sub'),
  mul: binary('operator.mul'),
  div: withConstant('operator.truediv'),
  plus: withConstant('operator.add'),
  times: withConstant('operator.mul'),
  half: unary('operator.mul', 0.5),
  shift: unary('operator.add', 0.5),
  matmul: ({ g, name, value, step, partner }) => {
    const other = partner(value, step.b);
    const [rows = 1, columns = 1] = value.shape.slice(-2);
    if (value.shape.length < 2) return null;
    const turned = g.method(`${name}_t`, 'transpose', other.name, -2, -1);
    const scores = g.call(`${name}_s`, 'torch.matmul', value.name, turned);
    const softmax = g.call(`${name}_p`, 'torch.softmax', scores, -1);
    const shape = [...value.shape.slice(0, -2), rows, columns];
    return { name: g.call(name, 'torch.matmul', softmax, partner(value, step.width).name), shape };
  },
  cat: ({ g, name, value, step, partner }) => {
    const axis = step.width % value.shape.length;
    const joined = g.call(name, 'torch.cat', [to(value.name), to(partner(value, step.b).name)], axis + 1);
    return { name: joined, shape: value.shape.map((dim, i) => (i === axis ? 2 * dim : dim)) };
  },
  slice: ({ g, name, value: { name: x, shape } }) =>
    last(shape) < 2
      ? null
      : {
          name: g.call(name, 'operator.getitem', x, [{ ellipsis: true }, { slice: [1, null, null] }]),
          shape: withLast(shape, last(shape) - 1),
        },
  flatten: ({ g, name, value: { name: x, shape } }) => ({
    name: g.call(name, 'torch.flatten', x, 1),
    shape: [size(shape)],
  }),
  view: ({ g, name, value: { name: x, shape } }) => ({
    name: g.method(name, 'view', x, -1, size(shape)),
    shape: [size(shape)],
  }),
  split: ({ g, name, value: { name: x, shape } }) => {
    if (shape.length > 2 || last(shape) % 2 > 0) return null;
    const split = [...shape.slice(0, -1), 2, last(shape) / 2];
    return { name: g.method(name, 'reshape', x, BATCH, ...split), shape: split };
  },
  transpose: ({ g, name, value: { name: x, shape } }) =>
    shape.length < 2
      ? null
      : {
          name: g.method(name, 'transpose', x, -1, -2),
          shape: [...shape.slice(0, -2), last(shape), shape[shape.length - 2] ?? 1],
        },
  move: ({ g, name, value: { name: x, shape } }) =>
    shape.length === 3
      ? {
          name: g.method(name, 'permute', x, 0, 2, 3, 1),
          shape: [shape[1] ?? 1, shape[2] ?? 1, shape[0] ?? 1],
        }
      : null,
  unsqueeze: ({ g, name, value: { name: x, shape }, step }) =>
    shape.length > 2
      ? null
      : step.b % 2 === 0
        ? { name: g.method(name, 'unsqueeze', x, 1), shape: [1, ...shape] }
        : { name: g.method(name, 'unsqueeze', x, -1), shape: [...shape, 1] },
  squeeze: ({ g, name, value: { name: x, shape } }) =>
    shape.length < 2
      ? null
      : { name: g.method(name, 'squeeze', x, 1), shape: shape[0] === 1 ? shape.slice(1) : shape },
  mean: ({ g, name, value: { name: x, shape }, step }) =>
    shape.length < 2
      ? null
      : {
          name: g.method(name, 'mean', x, [-1], step.b % 2 === 0),
          shape: step.b % 2 === 0 ? withLast(shape, 1) : shape.slice(0, -1),
        },
  pool: ({ g, name, value: { name: x, shape } }) =>
    shape.length === 3 && last(shape) > 1 && (shape[1] ?? 1) > 1
      ? {
          name: g.module(name, x, { type: 'torch.nn.MaxPool2d', attrs: { kernel_size: 2, stride: 1 } }),
          shape: [shape[0] ?? 1, (shape[1] ?? 2) - 1, last(shape) - 1],
        }
      : null,
  average: ({ g, name, value: { name: x, shape } }) =>
    shape.length === 3
      ? {
          name: g.module(name, x, { type: 'torch.nn.AdaptiveAvgPool2d', attrs: { output_size: 1 } }),
          shape: [shape[0] ?? 1, 1, 1],
        }
      : null,
  layer_norm: ({ g, name, value: { name: x, shape } }) => ({
    name: g.layerNorm(name, x, last(shape)),
    shape,
  }),
  batch_norm: ({ g, name, value: { name: x, shape } }) => {
    const channels = shape[0] ?? 1;
    const [mean, weight, bias] = ['mean', 'weight', 'bias'].map((part) =>
      g.param(`${name}_${part}`, channels),
    );
    const variance = g.constant(`${name}_var`, {
      ...tensorOf(channels),
      data: tensorOf(channels).data.map((v) => v * v + 0.1),
    });
    return {
      name: g.call(name, `${F}.batch_norm`, x, mean ?? '', variance, weight ?? '', bias ?? ''),
      shape,
    };
  },
  image: ({ g, name, value: { name: x, shape } }) =>
    size(shape) % 4 > 0 || size(shape) > 48
      ? null
      : { name: g.method(name, 'reshape', x, BATCH, size(shape) / 4, 2, 2), shape: [size(shape) / 4, 2, 2] },
};
