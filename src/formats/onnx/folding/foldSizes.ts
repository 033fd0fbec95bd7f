import { create } from '@bufbuild/protobuf';
import { ELEMENT, isFloatElement, isIntegerElement } from '../file/elementTypes';
import { TensorProtoSchema } from '../gen/onnx_pb';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { asNumber, type SizeList, sizeOfNumber } from '../reader/sizes';
import { SIZE_RULES } from './sizeRules';

/*
 * Arithmetic with sizes of tensors, which exporters write where a model reads `x.shape`: Shape → Gather → Mul →
 * Concat → Reshape. It is done while reading, with a symbol for an open dimension, and makes no nodes; what a shape
 * needs and no symbol says is computed when the model runs (`sizeNodes`).
 */

/** Longer constants are data, not shapes. */
const MAX_ENTRIES = 64;

/** The numbers of a list, or null where one is not known. */
export function numbersOf(list: SizeList | undefined): readonly number[] | null {
  const numbers = list?.sizes.map(asNumber);
  return numbers?.every((value) => value !== null) ? numbers : null;
}

/**
 * Takes in a node that computes with sizes only. What comes out as plain numbers is a constant from then on; what
 * has a symbol in it can be a shape (`readReshape`). False for any other node.
 */
export function foldSizes(reader: GraphReader, node: OnnxNode): boolean {
  const rule = Object.hasOwn(SIZE_RULES, node.proto.opType) ? SIZE_RULES[node.proto.opType] : undefined;
  if (!rule) return false;
  const readsShape = node.proto.opType === 'Shape' || node.proto.opType === 'Size';
  const names = node.proto.input;
  if (names.length === 0 || !(readsShape || names.some((name) => reader.sizes.has(name)))) return false;
  const inputs = names.map((name) => sizesOf(reader, name));
  if (!readsShape && inputs.some((list, i) => !list && names[i] !== '')) return false;
  const result = rule(node, inputs, reader);
  if (!result || result.sizes.length > MAX_ENTRIES) return false;
  const numbers = numbersOf(result);
  reader.sizes.set(node.output, result);
  if (numbers) reader.constants.fold(node.output, constantOf(result, checked(node, result, numbers)));
  return true;
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
  const wrong = isIntegerElement(elementType) ? numbers.find((n) => !Number.isSafeInteger(n)) : undefined;
  if (wrong !== undefined)
    node.fail(
      `computes the whole number ${wrong}; whole numbers up to 2^53 − 1 are supported. Give the shape as a constant.`,
    );
  return numbers;
}

function constantOf({ isScalar, elementType }: SizeList, numbers: readonly number[]) {
  const dims = isScalar ? [] : [BigInt(numbers.length)];
  if (isFloatElement(elementType))
    return create(TensorProtoSchema, { dims, dataType: ELEMENT.FLOAT, floatData: [...numbers] });
  return elementType === ELEMENT.BOOL
    ? create(TensorProtoSchema, { dims, dataType: ELEMENT.BOOL, int32Data: [...numbers] })
    : create(TensorProtoSchema, { dims, dataType: ELEMENT.INT64, int64Data: numbers.map(BigInt) });
}
