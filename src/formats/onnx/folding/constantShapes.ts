import { axisOf } from '../../../graph/shape';
import { sizeOf } from '../../../graph/tensor';
import { ELEMENT } from '../file/elementTypes';
import { readNumbers } from '../file/tensorProto';
import type { ConstantRule } from './constantRule';
import { type HostArray, roomFor, stridesOf } from './hostArray';

/* Shapes, ranges, reductions and scattering on constants. */

const vector = (values: readonly number[]): HostArray => ({
  shape: [values.length],
  elementType: ELEMENT.INT64,
  data: Float64Array.from(values),
});

const shape: ConstantRule = (node, [x]) => {
  if (!x) return null;
  const [start, end] = [node.int('start', 0), node.attribute('end') && node.int('end', 0)];
  return [vector(x.shape.slice(start, end))];
};

const size: ConstantRule = (_, [x]) => (x ? [{ ...vector([x.data.length]), shape: [] }] : null);

const constantOfShape: ConstantRule = (node, [x]) => {
  if (!x) return null;
  const dims = Array.from(x.data);
  const t = node.attribute('value')?.t;
  const elementType = t?.dataType ?? ELEMENT.FLOAT;
  const [value = 0] = t ? readNumbers(t, node.title) : [0];
  return [{ shape: dims, elementType, data: roomFor(elementType, sizeOf(dims)).fill(value) }];
};

const range: ConstantRule = (_, [start, end, step]) => {
  const [from, to, by] = [start, end, step].map((x) => x?.data[0]);
  if (!start || from === undefined || to === undefined || !by) return null;
  const count = Math.max(0, Math.ceil((to - from) / by));
  const data = roomFor(start.elementType, count);
  for (let i = 0; i < count; i++) data[i] = from + i * by;
  return [{ shape: [count], elementType: start.elementType, data }];
};

/** Row-major indices of what is not 0, one row an axis. */
const nonZero: ConstantRule = (_, [x]) => {
  if (!x) return null;
  const found = [...x.data.keys()].filter((i) => x.data[i] !== 0);
  const strides = stridesOf(x.shape);
  const rows = x.shape.flatMap((dim, axis) => found.map((i) => Math.floor(i / (strides[axis] ?? 1)) % dim));
  return [{ ...vector(rows), shape: [x.shape.length, found.length] }];
};

/** Whole slices of `updates` in the places that the rows of `indices` name. */
const scatterND: ConstantRule = (node, [x, indices, updates]) => {
  const depth = indices?.shape.at(-1);
  if (!x || !indices || !updates || depth === undefined || node.text('reduction', 'none') !== 'none')
    return null;
  const data = roomFor(x.elementType, x.data.length);
  data.set(x.data);
  const strides = stridesOf(x.shape);
  const length = sizeOf(x.shape.slice(depth));
  for (let row = 0; row < indices.data.length / depth; row++) {
    let to = 0;
    for (let axis = 0; axis < depth; axis++) {
      const place = indices.data[row * depth + axis] ?? 0;
      to += (place < 0 ? place + (x.shape[axis] ?? 0) : place) * (strides[axis] ?? 0);
    }
    for (let i = 0; i < length; i++) data[to + i] = updates.data[row * length + i] ?? 0;
  }
  return [{ ...x, data }];
};

/** Over all axes, or over some; each element of the output gathers those of the input that fall on it. */
const reduce =
  (first: number, step: (sum: number, value: number) => number): ConstantRule =>
  (node, [x, input]) => {
    if (!x) return null;
    const stated = input ? Array.from(input.data) : node.ints('axes');
    if (!stated?.length && node.flag('noop_with_empty_axes')) return [x];
    const rank = x.shape.length;
    const axes = stated?.length ? stated.map((axis) => axisOf(axis, rank)) : [...x.shape.keys()];
    const kept = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    const [from, to] = [stridesOf(x.shape), stridesOf(kept)];
    const data = roomFor(x.elementType, sizeOf(kept)).fill(first);
    x.data.forEach((value, i) => {
      const at = kept.reduce(
        (sum, dim, axis) =>
          dim === 1 ? sum : sum + (Math.floor(i / (from[axis] ?? 1)) % dim) * (to[axis] ?? 0),
        0,
      );
      data[at] = step(data[at] ?? 0, value);
    });
    const shaped = node.int('keepdims', 1) !== 0 ? kept : x.shape.filter((_, axis) => !axes.includes(axis));
    return [{ shape: shaped, elementType: x.elementType, data }];
  };

const trilu: ConstantRule = (node, [x, diagonal]) => {
  const [rows = 0, columns = 0] = x?.shape.slice(-2) ?? [];
  if (!x || x.shape.length < 2) return null;
  const upper = node.int('upper', 1) !== 0;
  const offset = diagonal?.data[0] ?? 0;
  const data = roomFor(x.elementType, x.data.length);
  x.data.forEach((value, i) => {
    const distance = (i % columns) - (Math.floor(i / columns) % rows) - offset;
    data[i] = (upper ? distance >= 0 : distance <= 0) ? value : 0;
  });
  return [{ ...x, data }];
};

export const shapeRules: Readonly<Record<string, ConstantRule>> = {
  Shape: shape,
  Size: size,
  ConstantOfShape: constantOfShape,
  Range: range,
  NonZero: nonZero,
  ScatterND: scatterND,
  ReduceProd: reduce(1, (a, b) => a * b),
  ReduceSum: reduce(0, (a, b) => a + b),
  ReduceMin: reduce(Number.POSITIVE_INFINITY, Math.min),
  ReduceMax: reduce(Number.NEGATIVE_INFINITY, Math.max),
  Trilu: trilu,
};
