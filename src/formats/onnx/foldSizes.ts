import { create } from '@bufbuild/protobuf';
import { ELEMENT, isFloatElement, isIntegerElement } from './elementTypes';
import { TensorProtoSchema } from './gen/onnx_pb';
import type { GraphReader } from './graphReader';
import type { OnnxNode } from './onnxNode';
import { asNumber, dividedBy, plus, type Size, type SizeList, sizeOfDim, sizeOfNumber, times } from './sizes';

/*
 * Arithmetic with sizes of tensors, which exporters write where a model reads `x.shape`: Shape → Gather → Mul →
 * Concat → Reshape. It is done while reading, with a symbol for an open dimension, and makes no nodes.
 */

type SizeRule = (
  node: OnnxNode,
  inputs: readonly (SizeList | undefined)[],
  reader: GraphReader,
) => SizeList | null;

/** Longer constants are data, not shapes. */
const MAX_ENTRIES = 64;

const vector = (sizes: readonly Size[]): SizeList => ({ sizes, isScalar: false, elementType: ELEMENT.INT64 });

/** The numbers of a list, or null where one is not known. */
function numbersOf(list: SizeList | undefined): readonly number[] | null {
  const numbers = list?.sizes.map(asNumber);
  return numbers?.every((value) => value !== null) ? numbers : null;
}

/** Of two lists of one length, or with one entry against all of the other's. */
const binary =
  (compute: (a: Size, b: Size, real: boolean) => Size): SizeRule =>
  (_, [a, b]) => {
    if (!a || !b) return null;
    const length = Math.max(a.sizes.length, b.sizes.length);
    if ([a, b].some(({ sizes }) => sizes.length !== length && sizes.length !== 1)) return null;
    const at = ({ sizes }: SizeList, i: number) => sizes[sizes.length === 1 ? 0 : i] ?? null;
    const real = isFloatElement(a.elementType);
    const sizes = Array.from({ length }, (_, i) => compute(at(a, i), at(b, i), real));
    return { sizes, isScalar: a.isScalar && b.isScalar, elementType: a.elementType };
  };

/** Of numbers only. */
const unary =
  (compute: (value: number) => number): SizeRule =>
  (_, [x]) =>
    x
      ? {
          ...x,
          sizes: x.sizes.map((size) => {
            const value = asNumber(size);
            return value === null ? null : sizeOfNumber(compute(value));
          }),
        }
      : null;

const shape: SizeRule = (node, _, reader) => {
  const dims = reader.shapeOf(node.input(0));
  const [start, end] = [node.int('start', 0), node.attribute('end') && node.int('end', 0)];
  return dims && vector(dims.slice(start, end).map(sizeOfDim));
};

const gather: SizeRule = (node, [data, index]) => {
  const at = numbersOf(index);
  if (!data || !index || !at || data.isScalar || node.int('axis', 0) !== 0) return null;
  const sizes = at.map((i) => data.sizes.at(i) ?? null);
  return { sizes, isScalar: index.isScalar, elementType: data.elementType };
};

const slice: SizeRule = (_, [data, starts, ends, , steps]) => {
  const [start] = numbersOf(starts) ?? [];
  const [end] = numbersOf(ends) ?? [];
  const [step] = steps ? (numbersOf(steps) ?? []) : [1];
  if (!data || start === undefined || end === undefined || step !== 1) return null;
  return { ...data, sizes: data.sizes.slice(start, end) };
};

const concat: SizeRule = (_, inputs) => {
  const lists = inputs.flatMap((list) => (list && !list.isScalar ? [list] : []));
  return lists.length === inputs.length ? vector(lists.flatMap(({ sizes }) => sizes)) : null;
};

const cast: SizeRule = (node, [x]) => {
  const elementType = node.int('to', ELEMENT.FLOAT);
  // A truth value is no size.
  if (!x || !(isFloatElement(elementType) || isIntegerElement(elementType))) return null;
  const whole = isFloatElement(elementType)
    ? x
    : {
        ...x,
        sizes: x.sizes.map((size) => (asNumber(size) === null ? size : dividedBy(size, sizeOfNumber(1)))),
      };
  return { ...whole, elementType };
};

const as =
  (isScalar: boolean): SizeRule =>
  (_, [x]) =>
    x && x.sizes.length === 1 ? { ...x, isScalar } : null;

/** To a vector, as it is, or of the one entry. */
const reshape: SizeRule = (_, [x, target]) => {
  const dims = numbersOf(target);
  return x && dims?.length === 1 ? { ...x, isScalar: false } : null;
};

const SIZE_RULES: Readonly<Record<string, SizeRule>> = {
  Shape: shape,
  Gather: gather,
  Slice: slice,
  Concat: concat,
  Unsqueeze: as(false),
  Squeeze: as(true),
  Reshape: reshape,
  Cast: cast,
  Identity: (_, [x]) => x ?? null,
  Add: binary((a, b) => plus(a, b)),
  Sub: binary((a, b) => plus(a, b, -1)),
  Mul: binary(times),
  Div: binary(dividedBy),
  Pow: binary((a, b) => {
    const [base, exponent] = [asNumber(a), asNumber(b)];
    return base === null || exponent === null ? null : sizeOfNumber(base ** exponent);
  }),
  Sqrt: unary(Math.sqrt),
  Floor: unary(Math.floor),
};

/**
 * Takes in a node that computes with sizes only. What comes out as plain numbers is a constant from then on; what
 * has a symbol in it can be a shape (`readReshape`). False for any other node.
 */
export function foldSizes(reader: GraphReader, node: OnnxNode): boolean {
  const rule = Object.hasOwn(SIZE_RULES, node.proto.opType) ? SIZE_RULES[node.proto.opType] : undefined;
  if (!rule) return false;
  const isShape = node.proto.opType === 'Shape';
  const names = node.proto.input;
  const isOfSizes = names.some((name) => reader.sizes.has(name)) || names.every(isWhole);
  if (names.length === 0 || !(isShape || isOfSizes)) return false;
  const inputs = names.map((name) => sizesOf(reader, name));
  if (!isShape && inputs.some((list, i) => !list && names[i] !== '')) return false;
  const result = rule(node, inputs, reader);
  if (!result) return false;
  reader.sizes.set(node.output, result);
  const numbers = numbersOf(result);
  if (numbers) reader.constants.fold(node.output, constantOf(result, checked(node, result, numbers)));
  return true;

  /** What is computed from whole numbers alone is one of these too. */
  function isWhole(name: string): boolean {
    const type = reader.constants.describe(name)?.elementType;
    return type !== undefined && isIntegerElement(type);
  }
}

/** What is known of a value as sizes: computed ones, or a small constant. */
export function sizesOf(reader: GraphReader, value: string): SizeList | undefined {
  const computed = reader.sizes.get(value);
  const constant = reader.constants.describe(value);
  if (computed || !constant) return computed;
  const { shape: dims, elementType } = constant;
  if (dims.length > 1 || (dims[0] ?? 1) > MAX_ENTRIES) return undefined;
  const sizes = reader.constants.numbers(value).map(sizeOfNumber);
  return { sizes, isScalar: dims.length === 0, elementType };
}

/** An integer that is none, or beyond what JavaScript counts exactly, would be folded into something else. */
function checked(node: OnnxNode, { elementType }: SizeList, numbers: readonly number[]): readonly number[] {
  const wrong = isFloatElement(elementType) ? undefined : numbers.find((n) => !Number.isSafeInteger(n));
  if (wrong !== undefined)
    node.fail(
      `computes the whole number ${wrong}; whole numbers up to 2^53 − 1 are supported. Give the shape as a constant.`,
    );
  return numbers;
}

function constantOf({ isScalar, elementType }: SizeList, numbers: readonly number[]) {
  const dims = isScalar ? [] : [BigInt(numbers.length)];
  return isFloatElement(elementType)
    ? create(TensorProtoSchema, { dims, dataType: ELEMENT.FLOAT, floatData: [...numbers] })
    : create(TensorProtoSchema, { dims, dataType: ELEMENT.INT64, int64Data: numbers.map(BigInt) });
}
