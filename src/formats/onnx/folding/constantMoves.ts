import { axisOf } from '../../../graph/shape';
import { sizeOf } from '../../../graph/tensor';
import type { OnnxNode } from '../reader/onnxNode';
import type { ConstantRule } from './constantRule';
import { type HostArray, roomFor, spread, strided, stridesOf } from './hostArray';
import { sliceRange } from './sliceRange';

/* Moving, picking and joining constants. */

const numbers = (x: HostArray | null | undefined): readonly number[] | null =>
  x ? Array.from(x.data) : null;

const shaped = (x: HostArray, shape: readonly number[]): readonly HostArray[] | null =>
  sizeOf(shape) === x.data.length ? [{ ...x, shape }] : null;

const reshape: ConstantRule = (node, [x, target]) => {
  const asked = numbers(target) ?? node.ints('shape');
  if (!x || !asked) return null;
  const keeps = !node.flag('allowzero');
  const dims = asked.map((dim, i) => (dim === 0 && keeps ? (x.shape[i] ?? 0) : dim));
  const known = sizeOf(dims.filter((dim) => dim !== -1));
  return shaped(
    x,
    dims.map((dim) => (dim === -1 ? x.data.length / Math.max(1, known) : dim)),
  );
};

const axesOf = (node: OnnxNode, input: HostArray | null | undefined, rank: number) => {
  const stated = numbers(input) ?? node.ints('axes');
  const axes = stated?.map((axis) => axisOf(axis, rank));
  return axes?.every((axis) => axis !== null) ? axes : null;
};

const squeeze: ConstantRule = (node, [x, input]) => {
  if (!x) return null;
  const stated = axesOf(node, input, x.shape.length);
  return shaped(
    x,
    x.shape.filter((dim, axis) => (stated ? !stated.includes(axis) : dim !== 1)),
  );
};

const unsqueeze: ConstantRule = (node, [x, input]) => {
  const count = (numbers(input) ?? node.ints('axes'))?.length ?? 0;
  const rank = (x?.shape.length ?? 0) + count;
  const axes = axesOf(node, input, rank);
  if (!x || !axes) return null;
  const left = [...x.shape];
  return shaped(
    x,
    Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (left.shift() ?? 1))),
  );
};

const flatten: ConstantRule = (node, [x]) => {
  const axis = node.int('axis', 1);
  const at = x && axis < 0 ? axis + x.shape.length : axis;
  return x ? shaped(x, [sizeOf(x.shape.slice(0, at)), sizeOf(x.shape.slice(at))]) : null;
};

const transpose: ConstantRule = (node, [x]) => {
  if (!x) return null;
  const order = node.ints('perm') ?? [...x.shape.keys()].reverse();
  const strides = stridesOf(x.shape);
  return [
    strided(
      x,
      order.map((axis) => x.shape[axis] ?? 1),
      order.map((axis) => strides[axis] ?? 0),
    ),
  ];
};

const slice: ConstantRule = (node, [x, ...inputs]) => {
  if (!x) return null;
  const [starts, ends, axes, steps] = ['starts', 'ends', 'axes', 'steps'].map(
    (name, i) => numbers(inputs[i]) ?? node.ints(name),
  );
  if (!starts || !ends) return null;
  const shape = [...x.shape];
  const strides = [...stridesOf(x.shape)];
  let offset = 0;
  for (const [i, start] of starts.entries()) {
    const axis = axisOf(axes?.[i] ?? i, x.shape.length);
    if (axis === null) return null;
    const { first, count, step } = sliceRange(start, ends[i] ?? 0, steps?.[i] ?? 1, x.shape[axis] ?? 0);
    offset += first * (strides[axis] ?? 0);
    strides[axis] = (strides[axis] ?? 0) * step;
    shape[axis] = count;
  }
  return [strided(x, shape, strides, offset)];
};

const gather: ConstantRule = (node, [x, index]) => {
  const axis = x ? axisOf(node.int('axis', 0), x.shape.length) : null;
  if (!x || !index || axis === null) return null;
  const size = x.shape[axis] ?? 0;
  const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))];
  const places = Array.from(index.data, (place) => (place < 0 ? place + size : place));
  if (places.some((place) => place < 0 || place >= size)) return null;
  const data = roomFor(x.elementType, outer * places.length * inner);
  for (let o = 0, to = 0; o < outer; o++)
    for (const place of places)
      for (let i = 0; i < inner; i++) data[to++] = x.data[(o * size + place) * inner + i] ?? 0;
  return [{ shape: x.shape.toSpliced(axis, 1, ...index.shape), elementType: x.elementType, data }];
};

const concat: ConstantRule = (node, inputs) => {
  const given = inputs.filter((x) => x !== null);
  const [first] = given;
  const axis = first ? axisOf(node.int('axis', 0), first.shape.length) : null;
  if (!first || axis === null) return null;
  const total = given.reduce((sum, x) => sum + (x.shape[axis] ?? 0), 0);
  const shape = first.shape.with(axis, total);
  const data = roomFor(first.elementType, sizeOf(shape));
  const [outer, inner] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  for (let o = 0, to = 0; o < outer; o++)
    for (const x of given) {
      const length = (x.shape[axis] ?? 0) * inner;
      for (let i = 0; i < length; i++) data[to++] = x.data[o * length + i] ?? 0;
    }
  return [{ shape, elementType: first.elementType, data }];
};

const expand: ConstantRule = (_, [x, target]) => {
  const asked = numbers(target);
  if (!x || !asked) return null;
  const rank = Math.max(asked.length, x.shape.length);
  const shape = Array.from({ length: rank }, (_, axis) => {
    const own = x.shape[axis - rank + x.shape.length] ?? 1;
    const other = asked[axis - rank + asked.length] ?? 1;
    return own === 1 ? other : own;
  });
  return [spread(x, shape)];
};

const tile: ConstantRule = (_, [x, times]) => {
  const counts = numbers(times);
  return x && counts?.length === x.shape.length ? [counts.reduce(repeated, x)] : null;
};

/** The copies are an axis of stride 0 in front of the one that they repeat. */
function repeated(x: HostArray, count: number, axis: number): HostArray {
  const strides = stridesOf(x.shape).toSpliced(axis, 0, 0);
  const long = strided(x, x.shape.toSpliced(axis, 0, count), strides);
  return { ...long, shape: x.shape.with(axis, (x.shape[axis] ?? 0) * count) };
}

export const moveRules: Readonly<Record<string, ConstantRule>> = {
  Identity: (_, [x]) => (x ? [x] : null),
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Flatten: flatten,
  Transpose: transpose,
  Slice: slice,
  Gather: gather,
  Concat: concat,
  Expand: expand,
  Tile: tile,
};
