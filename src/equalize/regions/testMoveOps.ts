import { to } from '../../graph/testGraph';
import { BATCH, type Rule } from './testOpRule';

/* Ops of random networks that cut, repeat, pad, pick and rearrange along an axis. For tests only. */

export const MOVE_KINDS = [
  'pad',
  'chunk',
  'sections',
  'flip',
  'roll',
  'repeat',
  'stack',
  'expand',
  'picked',
  'resized',
  'shuffle',
  'unshuffle',
  'product',
  'top',
  'triangle',
] as const;
export type MoveKind = (typeof MOVE_KINDS)[number];

const F = 'torch.nn.functional';
const WHOLE = { slice: [null, null, null] } as const;

/** The axis of a value that an op is to work on, from the start, the batch's left out. */
const axisOf = (shape: readonly number[], width: number): number => width % shape.length;

export const MOVE_RULES: { readonly [K in MoveKind]: Rule } = {
  /** With zeros, with another number, or with the value at the edge. */
  pad: ({ g, name, value: { name: x, shape }, step: { b, width } }) => {
    const axis = axisOf(shape, width);
    const pads = [...new Array<number>(2 * (shape.length - 1 - axis)).fill(0), 1, b % 2];
    const how = b % 3 === 0 ? ['replicate'] : ['constant', b % 3 === 1 ? 0 : 0.5];
    return {
      name: g.callWith(name, `${F}.pad`, [to(x), pads, ...how]),
      shape: shape.with(axis, (shape[axis] ?? 0) + 1 + (b % 2)),
    };
  },
  chunk: ({ g, name, value: { name: x, shape }, step: { b, width } }) => {
    const axis = axisOf(shape, width);
    const size = shape[axis] ?? 0;
    if (size < 2) return null;
    const half = Math.ceil(size / 2);
    const parts = g.call(`${name}_t`, 'torch.chunk', x, 2, axis + 1);
    const part = b % 2;
    return {
      name: g.call(name, 'operator.getitem', parts, part),
      shape: shape.with(axis, part === 0 ? half : size - half),
    };
  },
  /** Both parts, the other way round. */
  sections: ({ g, name, value: { name: x, shape }, step: { width } }) => {
    const axis = axisOf(shape, width);
    const size = shape[axis] ?? 0;
    if (size < 2) return null;
    const parts = g.call(`${name}_t`, 'torch.split', x, [1, size - 1], axis + 1);
    const [first, rest] = [0, 1].map((i) => g.call(`${name}_${i}`, 'operator.getitem', parts, i));
    return { name: g.call(name, 'torch.cat', [to(rest ?? ''), to(first ?? '')], axis + 1), shape };
  },
  flip: ({ g, name, value: { name: x, shape }, step: { width } }) => ({
    name: g.call(name, 'torch.flip', x, [axisOf(shape, width) + 1]),
    shape,
  }),
  roll: ({ g, name, value: { name: x, shape }, step: { b, width } }) => ({
    name: g.call(name, 'torch.roll', x, b - 2, axisOf(shape, width) + 1),
    shape,
  }),
  repeat: ({ g, name, value: { name: x, shape }, step: { width } }) => {
    const axis = axisOf(shape, width);
    const times = shape.map((_, at) => (at === axis ? 2 : 1));
    return {
      name: g.method(name, 'repeat', x, 1, ...times),
      shape: shape.with(axis, 2 * (shape[axis] ?? 0)),
    };
  },
  stack: ({ g, name, value, step: { b, width }, partner }) => {
    const { shape } = value;
    if (shape.length > 2) return null;
    const axis = width % (shape.length + 1);
    const parts = [to(value.name), to(partner(value, b).name)];
    return { name: g.call(name, 'torch.stack', parts, axis + 1), shape: shape.toSpliced(axis, 0, 2) };
  },
  expand: ({ g, name, value: { name: x, shape }, step: { width } }) => {
    if (shape.length > 2) return null;
    const axis = width % (shape.length + 1);
    const wide = g.method(`${name}_u`, 'unsqueeze', x, axis + 1);
    const made = shape.toSpliced(axis, 0, 2);
    return { name: g.method(name, 'expand', wide, BATCH, ...made), shape: made };
  },
  /** The last channel twice, and the first but one. */
  picked: ({ g, name, value: { name: x, shape } }) => {
    const size = shape[0] ?? 0;
    const index = [size - 1, -1, Math.min(1, size - 1)];
    return { name: g.call(name, 'operator.getitem', x, [WHOLE, index]), shape: shape.with(0, 3) };
  },
  resized: ({ g, name, value: { name: x, shape }, step: { b } }) => {
    if (shape.length !== 3) return null;
    const [channels = 1, height = 1, width = 1] = shape;
    const mode = b % 2 === 0 ? 'nearest' : 'bilinear';
    return {
      name: g.callWith(name, `${F}.interpolate`, [to(x), [height + 1, width], null, mode]),
      shape: [channels, height + 1, width],
    };
  },
  shuffle: ({ g, name, value: { name: x, shape } }) => {
    const [channels = 1, height = 1, width = 1] = shape;
    if (shape.length !== 3 || channels % 4 > 0) return null;
    return {
      name: g.call(name, `${F}.pixel_shuffle`, x, 2),
      shape: [channels / 4, 2 * height, 2 * width],
    };
  },
  unshuffle: ({ g, name, value: { name: x, shape } }) => {
    const [channels = 1, height = 1, width = 1] = shape;
    if (shape.length !== 3 || height % 2 > 0 || width % 2 > 0) return null;
    return {
      name: g.call(name, `${F}.pixel_unshuffle`, x, 2),
      shape: [4 * channels, height / 2, width / 2],
    };
  },
  /** A product of two matrices along their columns. */
  product: ({ g, name, value, step: { b }, partner }) => {
    const [rows = 1] = value.shape;
    if (value.shape.length !== 2) return null;
    const factors = [to(value.name), to(partner(value, b).name)];
    return { name: g.callWith(name, 'torch.einsum', ['bij,bkj->bik', ...factors]), shape: [rows, rows] };
  },
  top: ({ g, name, value: { name: x, shape }, step: { b, width } }) => {
    const axis = axisOf(shape, width);
    const both = g.call(`${name}_t`, 'torch.topk', x, 1, axis + 1, b % 2 === 0);
    return { name: g.call(name, 'operator.getitem', both, 0), shape: shape.with(axis, 1) };
  },
  triangle: ({ g, name, value: { name: x, shape } }) =>
    shape.length < 2 ? null : { name: g.call(name, 'torch.tril', x), shape },
};
