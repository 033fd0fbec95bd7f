import { partBounds } from '../../../graph/cut';
import { GraphError } from '../../../graph/errors';
import type { Node } from '../../../graph/node';
import type { OpCall } from '../../../graph/op';
import { axisOf } from '../../../graph/shape';
import { ELEMENT } from '../file/elementTypes';
import { tensorProto } from '../file/tensorWrite';
import type { GraphWriter, OpWriter } from './graphWriter';
import { inputValue, rankOf } from './writeMoves';
import { extentsVector, extentVector, vectorOf } from './writeSizes';

/* Parts of a tensor, tensors with something around them, and tensors of one number. */

/** A Slice along the one axis. */
export const split: OpWriter<'split'> = (writer, call, output, node) => {
  const [start, end] = bounds(writer, call, output, node);
  const axis = writer.integers(`${output}_axis`, [call.attrs.dim]);
  writer.node('Slice', [inputValue(writer, call), start, end, axis], output);
};

/** Numbers where they are the same for every input, otherwise vectors of one that the model computes. */
function bounds(writer: GraphWriter, call: OpCall<'split'>, output: string, node: Node): Bounds {
  const known = knownBounds(writer, call);
  if (known) {
    const [start, end] = known;
    return [writer.integers(`${output}_start`, [start]), writer.integers(`${output}_stop`, [end])];
  }
  return computedBounds(writer, call, output, node);
}

type Bounds = readonly [start: string, end: string];

function knownBounds(writer: GraphWriter, call: OpCall<'split'>): readonly [number, number] | null {
  const { cut, dim, part } = call.attrs;
  const shape = writer.inputShape(call);
  const size = shape?.[axisOf(dim, shape.length) ?? -1];
  const numeric =
    cut.kind === 'sizes' ? cut.sizes.every(isNumber) : cut.kind === 'chunks' || isNumber(cut.size);
  const places =
    cut.kind === 'sizes' ? cut.sizes.filter(isNumber).reduce((sum, width) => sum + width, 0) : size;
  return numeric && typeof places === 'number' ? partBounds(cut, part, places) : null;
}

function computedBounds(writer: GraphWriter, call: OpCall<'split'>, output: string, node: Node): Bounds {
  const { cut, part } = call.attrs;
  if (part < 0 && cut.kind !== 'sizes')
    throw new GraphError(
      `Node '${node.name}' takes part ${part} of an axis of unknown size; count the parts from the front for ONNX.`,
      node.name,
    );
  const one = (value: number) => writer.integers(`${output}_number`, [value]);
  const compute = (opType: string, a: string, b: string) => {
    const made = writer.freshName(`${output}_bound`);
    writer.node(opType, [a, b], made);
    return made;
  };
  if (cut.kind === 'sizes') {
    const widths = cut.sizes.map((extent) => extentVector(writer, extent, output));
    const at = part < 0 ? part + widths.length : part;
    const start = widths.slice(0, at).reduce((sum, width) => compute('Add', sum, width), one(0));
    return [start, compute('Add', start, widths[at] ?? '')];
  }
  const width =
    cut.kind === 'each'
      ? extentVector(writer, cut.size, output)
      : chunkWidth(writer, call, cut.count, compute, one);
  return [compute('Mul', width, one(part)), compute('Mul', width, one(part + 1))];
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** `⌈size / count⌉`, when the model runs. */
function chunkWidth(
  writer: GraphWriter,
  call: OpCall<'split'>,
  count: number,
  compute: (opType: string, a: string, b: string) => string,
  one: (value: number) => string,
): string {
  const shape = writer.freshName('shape');
  writer.node('Shape', [inputValue(writer, call)], shape);
  const size = writer.freshName('size');
  writer.node('Gather', [shape, one(call.attrs.dim)], size);
  return compute('Div', compute('Add', size, one(count - 1)), one(count));
}

const MODES = { constant: 'constant', reflect: 'reflect', replicate: 'edge', circular: null } as const;

export const pad: OpWriter<'pad'> = (writer, call, output, node) => {
  const { pads, mode, value } = call.attrs;
  const rank = rankOf(writer, call, node);
  const word = MODES[mode];
  if (word === null)
    throw new GraphError(
      `Node '${node.name}' pads with mode 'circular'; ONNX's opset 17 has no such mode. Export .safetensors.`,
      node.name,
    );
  // All that is before the axes, the first one first, then all that is behind.
  const side = (at: 0 | 1) =>
    Array.from({ length: rank }, (_, axis) => pads[2 * (rank - 1 - axis) + at] ?? 0);
  const sides = extentsVector(writer, [...side(0), ...side(1)], `${output}_pads`);
  const filler = mode === 'constant' ? [writer.numberLike(call, value)] : [];
  writer.node('Pad', [inputValue(writer, call), sides, ...filler], output, { mode: { s: word } });
};

/** Scales go into the file as they are; sizes are those of all axes. */
export const interpolate: OpWriter<'interpolate'> = (writer, call, output, node) => {
  const { size, scale, recompute, mode, coordinates, rounding, cubicCoefficient, excludeOutside } =
    call.attrs;
  const rank = rankOf(writer, call, node);
  const given: readonly unknown[] = size ?? scale ?? [];
  const changed = given.length === 1 ? Math.max(1, rank - 2) : given.length;
  const attributes = {
    mode: { s: mode },
    coordinate_transformation_mode: { s: coordinates },
    ...(mode === 'nearest' && { nearest_mode: { s: rounding } }),
    ...(mode === 'cubic' && {
      cubic_coeff_a: { f: cubicCoefficient },
      exclude_outside: { i: excludeOutside ? 1 : 0 },
    }),
  };
  const x = inputValue(writer, call);
  if (scale && !recompute) {
    const factors = Array.from({ length: rank }, (_, axis) =>
      axis < rank - changed ? 1 : (scale[scale.length === 1 ? 0 : axis - rank + changed] ?? 1),
    );
    writer.node('Resize', [x, '', writer.floats(`${output}_scales`, factors)], output, attributes);
    return;
  }
  const made = writer.shape(node.name);
  const sizes = Array.from(
    { length: changed },
    (_, i) => size?.[size.length === 1 ? 0 : i] ?? made?.[rank - changed + i],
  );
  const extents = sizes.map((dim) => {
    if (dim !== undefined && typeof dim !== 'string') return dim;
    throw new GraphError(
      `Node '${node.name}' resizes by a recomputed scale an input of shape [${writer.inputShape(call)?.join(', ')}]; ONNX needs to know the last ${changed} sizes.`,
      node.name,
    );
  });
  const kept = vectorOf(writer, x, writer.inputShape(call), rank - changed, output);
  const all = writer.freshName(`${output}_sizes`);
  writer.node('Concat', [...kept, extentsVector(writer, extents, output)], all, { axis: { i: 0 } });
  writer.node('Resize', [x, '', '', all], output, attributes);
};

/** Whole numbers are INT64 in ONNX, as in PyTorch. */
export const arange: OpWriter<'arange'> = (writer, call, output, node) => {
  const { start, end, step, dtype } = call.attrs;
  const type = dtype === 'int32' ? ELEMENT.INT64 : ELEMENT.FLOAT;
  const bounds = [start, end, step].map((bound) => writer.scalar(bound, type, output));
  writer.node('Range', bounds, output);
  writer.define(node.name, output, type);
};

const MADE_TYPES = { float32: ELEMENT.FLOAT, int32: ELEMENT.INT64, bool: ELEMENT.BOOL } as const;

export const full: OpWriter<'full'> = (writer, call, output, node) => {
  const { shape, value, dtype } = call.attrs;
  const type = MADE_TYPES[dtype];
  const dims = extentsVector(writer, shape, `${output}_shape`);
  writer.define(node.name, output, type);
  if (typeof value !== 'number') {
    writer.node('Expand', [writer.scalar(value, type, output), dims], output);
    return;
  }
  const t = tensorProto('', { dtype: 'float32', shape: [1], data: Float32Array.of(value) });
  const made = type === ELEMENT.FLOAT ? output : writer.freshName(`${output}_float`);
  writer.node('ConstantOfShape', [dims], made, { value: { t } });
  if (made !== output) writer.node('Cast', [made], output, { to: { i: type } });
};
