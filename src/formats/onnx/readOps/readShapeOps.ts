import { ref } from '../../../graph/node';
import { axisOf, type Dim, productOf, type Shape, UNKNOWN_DIM } from '../../../graph/shape';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { asNumber, dividedBy, productOfSizes, sizeOfDim } from '../reader/sizes';
import { type ExtentArgument, extentArgument, sizeList } from './extents';

const FLATTEN = 'torch.flatten';
const RESHAPE = 'torch.reshape';

/**
 * Flatten: ONNX always gives a matrix, the product of the dimensions before `axis` by that of the rest.
 * `torch.flatten` merges a range of axes, so axis 1 is one call, a later axis two, the ends a reshape.
 */
export function readFlatten(reader: GraphReader, node: OnnxNode): void {
  const value = node.input(0);
  const x = ref(reader.operand(value, node.title));
  const type = reader.elementType(value);
  const rank = reader.shapeOf(value)?.length;
  const asked = node.int('axis', 1);
  if (rank === undefined && (asked < 0 || asked > 1))
    node.fail(
      `flattens at axis ${asked}, but the rank of '${value}' is not known; only axis 0 and 1 are read then.`,
    );
  const axis = asked < 0 ? asked + (rank ?? 0) : asked;
  if (rank !== undefined && (axis < 0 || axis > rank))
    node.fail(`has axis ${asked}; '${value}' of rank ${rank} allows ${-rank} to ${rank}.`);
  if (axis === 0) reader.result(node, RESHAPE, [x, [1, -1]], type);
  else if (axis === rank) reader.result(node, RESHAPE, [x, [-1, 1]], type);
  else if (axis === 1) reader.result(node, FLATTEN, [x, 1, -1], type);
  else if (rank === axis + 1) reader.result(node, FLATTEN, [x, 0, axis - 1], type);
  else {
    const front = reader.step(node, FLATTEN, [x, 0, axis - 1]);
    reader.result(node, FLATTEN, [ref(front), 1, -1], type);
  }
}

/** Reshape to a constant shape, or to one computed from sizes; 0 copies a dimension of the input (or is 0, with allowzero). */
export function readReshape(reader: GraphReader, node: OnnxNode): void {
  const [value, shapeInput] = [node.input(0), node.optionalInput(1)];
  const stated = shapeInput ? null : (node.ints('shape') ?? node.fail('has no shape.'));
  const asked = stated ?? constantShape(reader, node, shapeInput) ?? openShape(reader, node, shapeInput);
  const x = ref(reader.operand(value, node.title));
  reader.result(node, RESHAPE, [x, asked], reader.elementType(value));
}

function constantShape(
  reader: GraphReader,
  node: OnnxNode,
  shapeInput: string,
): readonly ExtentArgument[] | null {
  if (!reader.constants.has(shapeInput)) return null;
  const asked = reader.constants.numbers(shapeInput);
  if (asked.some((dim) => dim < -1) || asked.filter((dim) => dim === -1).length > 1)
    node.fail(`has the shape [${asked.join(', ')}]; it may hold -1 once and no other negative number.`);
  if (!asked.includes(0) || node.flag('allowzero')) return asked;
  return copyDims(asked, reader.shapeOf(node.input(0)), node) ?? openShape(reader, node, shapeInput);
}

/**
 * A shape that is computed from the sizes of tensors. The one entry with a symbol in it becomes −1, which is the same
 * whatever the symbol stands for; a −1 that the shape has already is worked out from the input's size first. With more
 * of them they are computed when the model runs.
 */
function openShape(reader: GraphReader, node: OnnxNode, shapeInput: string): readonly ExtentArgument[] {
  const list = sizeList(reader, node, shapeInput, 'shape');
  const value = node.input(0);
  const input = reader.shapeOf(value);
  const copies = !node.flag('allowzero');
  const entries = list.sizes.map((size, i) =>
    copies && asNumber(size) === 0 ? sizeOfDim(input?.[i] ?? UNKNOWN_DIM, value, i) : size,
  );
  const rest = entries.findIndex((size) => asNumber(size) === -1);
  const others = productOfSizes(entries.toSpliced(rest, rest < 0 ? 0 : 1));
  const all = input && productOfSizes(input.map((dim) => sizeOfDim(dim)));
  const missing = rest < 0 || !all ? null : asNumber(dividedBy(all, others));
  const numbers = entries.map((size, i) => (i === rest ? missing : asNumber(size)));
  if (numbers.filter((size) => size === null).length <= 1) return numbers.map((size) => size ?? -1);
  return entries.map((size, i) => (i === rest ? -1 : extentArgument(reader, node, size, 'shape')));
}

/**
 * Puts the input's dimensions where the shape says 0; null where more than one of them is open. PyTorch's reshape takes one open dimension: when a copied
 * one is symbolic (the batch), it becomes the -1, and the -1 that stood elsewhere is worked out from the rest.
 */
function copyDims(asked: readonly number[], input: Shape, node: OnnxNode): readonly number[] | null {
  const open: number[] = [];
  const copied = asked.map((dim, i) => {
    const known = input?.[i];
    if (dim !== 0) return dim;
    if (input && known === undefined)
      return node.fail(`copies dimension ${i} of its input, which has rank ${input.length}.`);
    if (typeof known === 'number') return known;
    open.push(i);
    return -1;
  });
  if (open.length === 0) return copied;
  const rest = asked.indexOf(-1);
  if (open.length === 1 && rest < 0) return copied;
  const missing = restOf(copied, open, input);
  if (open.length > 1 || missing === null) return null;
  return copied.with(rest, missing);
}

/** The size of the `-1` when the symbolic dimensions are the same on both sides; null when it is not whole. */
function restOf(copied: readonly number[], open: readonly number[], input: Shape): number | null {
  const all: Dim = productOf((input ?? ['?']).filter((_, i) => !open.includes(i)));
  const known = productOf(copied.filter((dim) => dim !== -1));
  if (typeof all !== 'number' || typeof known !== 'number') return null;
  const missing = all / known;
  return Number.isInteger(missing) ? missing : null;
}

/**
 * Softmax and its logarithm. From opset 13 on over one axis; before, over all axes from `axis` on together, which is the same
 * where `axis` is the last one, and else a flatten, a softmax and a reshape back.
 */
export const readSoftmax =
  (target: 'torch.softmax' | 'torch.log_softmax') =>
  (reader: GraphReader, node: OnnxNode): void => {
    const value = node.input(0);
    const x = ref(reader.operand(value, node.title));
    const type = reader.elementType(value);
    const joint = reader.opset < 13;
    const asked = node.int('axis', joint ? 1 : -1);
    if (!joint || asked === -1) {
      reader.result(node, target, [x, asked], type);
      return;
    }
    const shape =
      reader.shapeOf(value) ?? node.fail(`needs the rank of '${value}', which the model does not tell.`);
    const axis =
      axisOf(asked, shape.length) ?? node.fail(`has axis ${asked}; '${value}' has rank ${shape.length}.`);
    if (axis === shape.length - 1) {
      reader.result(node, target, [x, -1], type);
      return;
    }
    const open = shape.filter((dim) => typeof dim === 'string').length;
    if (open > 1)
      node.fail(
        `normalizes axes ${axis} to ${shape.length - 1} of [${shape.join(', ')}] together; one open dimension is the limit.`,
      );
    const flat = reader.step(node, FLATTEN, [x, axis, -1]);
    const soft = reader.step(node, target, [ref(flat), -1]);
    const back = shape.map((dim) => (typeof dim === 'number' ? dim : -1));
    reader.result(node, RESHAPE, [ref(soft), back], type);
  };
