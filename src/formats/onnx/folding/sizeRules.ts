import { ELEMENT, isFloatElement, isIntegerElement } from '../file/elementTypes';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import {
  asNumber,
  computed,
  dividedBy,
  isWholeSize,
  plus,
  productOfSizes,
  type Size,
  type SizeList,
  sizeOfDim,
  sizeOfNumber,
  times,
  UNKNOWN_SIZE,
} from '../reader/sizes';
import { sliceRange } from './sliceRange';

/** What a node gives for lists of sizes; null where that is no list, or not known to be one. */
export type SizeRule = (
  node: OnnxNode,
  inputs: readonly (SizeList | undefined)[],
  reader: GraphReader,
) => SizeList | null;

const vector = (sizes: readonly Size[]): SizeList => ({ sizes, isScalar: false, elementType: ELEMENT.INT64 });

const allNumbers = (list: SizeList | undefined): readonly number[] | null => {
  const numbers = list?.sizes.map(asNumber);
  return numbers?.every((value) => value !== null) ? numbers : null;
};

/** Of lists of one length, or with one entry against all of another's. */
const together =
  (compute: (terms: readonly Size[], real: boolean) => Size, elementType?: number): SizeRule =>
  (_, inputs) => {
    const lists = inputs.filter((list) => list !== undefined);
    const [first] = lists;
    if (!first || lists.length !== inputs.length) return null;
    const length = lists.some(({ sizes }) => sizes.length === 0)
      ? 0
      : Math.max(...lists.map(({ sizes }) => sizes.length));
    if (lists.some(({ sizes }) => sizes.length !== length && sizes.length !== 1)) return null;
    const typed = lists.find((list) => list.elementType !== ELEMENT.BOOL) ?? first;
    const at = ({ sizes }: SizeList, i: number) => sizes[sizes.length === 1 ? 0 : i] ?? UNKNOWN_SIZE;
    const real = isFloatElement(typed.elementType);
    return {
      sizes: Array.from({ length }, (_, i) =>
        compute(
          lists.map((list) => at(list, i)),
          real,
        ),
      ),
      isScalar: lists.every(({ isScalar }) => isScalar),
      elementType: elementType ?? typed.elementType,
    };
  };

const pair = (compute: (a: Size, b: Size, real: boolean) => Size, elementType?: number): SizeRule =>
  together(([a = UNKNOWN_SIZE, b = UNKNOWN_SIZE], real) => compute(a, b, real), elementType);
const one = (compute: (a: Size) => Size, elementType?: number): SizeRule =>
  together(([a = UNKNOWN_SIZE]) => compute(a), elementType);

const truth = (value: boolean | null): Size => (value === null ? UNKNOWN_SIZE : sizeOfNumber(Number(value)));

/** Sizes are never negative, and the same where they are written the same. */
function compared(a: Size, b: Size, compare: (a: number, b: number) => boolean): Size {
  const [left, right] = [asNumber(a), asNumber(b)];
  if (left !== null && right !== null) return truth(compare(left, right));
  const isSize = ({ known }: Size) => known !== null && known.symbols.length > 0 && known.factor > 0;
  if (isSize(a) && right !== null && right < 0) return truth(compare(0, right));
  if (isSize(b) && left !== null && left < 0) return truth(compare(left, 0));
  const same = a.known && b.known && a.known.factor === b.known.factor;
  return truth(same && a.known?.symbols.join() === b.known?.symbols.join() ? compare(0, 0) : null);
}

const where: SizeRule = (node, [condition, a, b], reader) => {
  const tests = allNumbers(condition);
  if (!condition || !a || !b || !tests) return null;
  const picked = together(([test = UNKNOWN_SIZE, left = UNKNOWN_SIZE, right = UNKNOWN_SIZE]) =>
    asNumber(test) === 0 ? right : left,
  )(node, [condition, a, b], reader);
  return picked && { ...picked, elementType: a.elementType };
};

const shape: SizeRule = (node, _, reader) => {
  const value = node.input(0);
  const dims = reader.shapeOf(value);
  const [start, end] = [node.int('start', 0), node.attribute('end') && node.int('end', 0)];
  return dims && vector(dims.map((dim, axis) => sizeOfDim(dim, value, axis)).slice(start, end));
};

const size: SizeRule = (node, _, reader) => {
  const value = node.input(0);
  const dims = reader.shapeOf(value);
  return (
    dims && {
      ...vector([productOfSizes(dims.map((dim, axis) => sizeOfDim(dim, value, axis)))]),
      isScalar: true,
    }
  );
};

const gather: SizeRule = (node, [data, index]) => {
  const at = allNumbers(index);
  if (!data || !index || !at || data.isScalar || node.int('axis', 0) !== 0) return null;
  const sizes = at.map((i) => data.sizes.at(i) ?? UNKNOWN_SIZE);
  return { sizes, isScalar: index.isScalar, elementType: data.elementType };
};

const slice: SizeRule = (node, [data, ...inputs]) => {
  const [starts, ends, , steps] = ['starts', 'ends', 'axes', 'steps'].map(
    (name, i) => allNumbers(inputs[i]) ?? node.ints(name),
  );
  const [start, end, step = 1] = [starts?.[0], ends?.[0], steps?.[0]];
  if (!data || data.isScalar || start === undefined || end === undefined) return null;
  const range = sliceRange(start, end, step, data.sizes.length);
  const sizes = Array.from(
    { length: range.count },
    (_, i) => data.sizes[range.first + i * range.step] ?? UNKNOWN_SIZE,
  );
  return { ...data, sizes };
};

const concat: SizeRule = (_, inputs) => {
  const lists = inputs.flatMap((list) => (list && !list.isScalar ? [list] : []));
  const [first] = lists;
  return first && lists.length === inputs.length
    ? { ...first, sizes: lists.flatMap(({ sizes }) => sizes) }
    : null;
};

const cast: SizeRule = (node, [x]) => {
  const elementType = node.int('to', ELEMENT.FLOAT);
  if (!x) return null;
  if (elementType === ELEMENT.BOOL)
    return { ...x, sizes: x.sizes.map((a) => compared(a, sizeOfNumber(0), (p, q) => p !== q)), elementType };
  if (isFloatElement(elementType)) return { ...x, elementType };
  return isIntegerElement(elementType) ? { ...x, sizes: x.sizes.map(cutOff), elementType } : null;
};

/** Cut off to a whole number; sizes are not negative. */
const cutOff = (a: Size): Size => (isWholeSize(a) ? a : computed('floor', Math.trunc, a));

const as =
  (isScalar: boolean): SizeRule =>
  (_, [x]) =>
    x && x.sizes.length === 1 ? { ...x, isScalar } : null;

/** To a vector, as it is, or to a scalar of the one entry. */
const reshape: SizeRule = (_, [x, target]) => {
  const dims = allNumbers(target);
  if (x && dims?.length === 0 && x.sizes.length === 1) return { ...x, isScalar: true };
  return x && dims?.length === 1 ? { ...x, isScalar: false } : null;
};

/** A tensor's sizes are a few; so many are no sizes. */
const MAX_SIZES = 1024;

/** One entry, as often as a known length says. */
const expand: SizeRule = (_, [x, target]) => {
  const [length, ...others] = allNumbers(target) ?? [];
  if (!x || length === undefined || length < 0 || length > MAX_SIZES || others.length > 0) return null;
  if (x.sizes.length !== 1)
    return length === 1 || length === x.sizes.length ? { ...x, isScalar: false } : null;
  return { ...x, isScalar: false, sizes: new Array<Size>(length).fill(x.sizes[0] ?? UNKNOWN_SIZE) };
};

const reduced =
  (compute: (sizes: readonly Size[]) => Size): SizeRule =>
  (node, [x]) =>
    x ? { ...x, sizes: [compute(x.sizes)], isScalar: node.int('keepdims', 1) === 0 } : null;

const whole = (a: Size, name: 'floor' | 'ceil', compute: (x: number) => number): Size =>
  isWholeSize(a) ? a : computed(name, compute, a);

export const SIZE_RULES: Readonly<Record<string, SizeRule>> = {
  Shape: shape,
  Size: size,
  Gather: gather,
  Slice: slice,
  Concat: concat,
  Unsqueeze: as(false),
  Squeeze: as(true),
  Reshape: reshape,
  Expand: expand,
  Cast: cast,
  Identity: (_, [x]) => x ?? null,
  Add: pair((a, b) => plus(a, b)),
  Sub: pair((a, b) => plus(a, b, -1)),
  Mul: pair(times),
  Div: pair(dividedBy),
  Mod: pair((a, b) => computed('mod', (x = 0, y = 1) => x - y * Math.floor(x / y), a, b)),
  Pow: pair((a, b) => computed('pow', (x = 0, y = 0) => x ** y, a, b)),
  Min: together((terms) => terms.reduce((a, b) => computed('min', Math.min, a, b))),
  Max: together((terms) => terms.reduce((a, b) => computed('max', Math.max, a, b))),
  Neg: one((a) => plus(sizeOfNumber(0), a, -1)),
  Sqrt: one((a) => computed('sqrt', (x = 0) => Math.sqrt(x), a)),
  Floor: one((a) => whole(a, 'floor', Math.floor)),
  Ceil: one((a) => whole(a, 'ceil', Math.ceil)),
  ReduceProd: reduced(productOfSizes),
  ReduceSum: reduced((sizes) => sizes.reduce((a, b) => plus(a, b))),
  Equal: pair((a, b) => compared(a, b, (x, y) => x === y), ELEMENT.BOOL),
  Less: pair((a, b) => compared(a, b, (x, y) => x < y), ELEMENT.BOOL),
  Greater: pair((a, b) => compared(a, b, (x, y) => x > y), ELEMENT.BOOL),
  Not: one((a) => compared(a, sizeOfNumber(0), (x, y) => x === y), ELEMENT.BOOL),
  Where: where,
};
