import type { NodeName } from '../../../graph/ids';
import { type Argument, type NodeRef, ref } from '../../../graph/node';
import { ELEMENT, elementName, isFloatElement, isIntegerElement, torchDtype } from '../file/elementTypes';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';

/* Ops that work element by element. What ONNX has and PyTorch has not is written out in PyTorch's functions. */

export type OpReader = (reader: GraphReader, node: OnnxNode) => void;

export const operandAt = (reader: GraphReader, node: OnnxNode, position: number): NodeRef =>
  ref(reader.operand(node.input(position), node.title));

/** A call on the way to a node's output. */
export const stepOf =
  (reader: GraphReader, node: OnnxNode) =>
  (target: string, ...args: readonly Argument[]): NodeRef =>
    ref(reader.step(node, target, args));

/** Of one operand, whose type the result has. */
export const unary =
  (target: string): OpReader =>
  (reader, node) => {
    const x = operandAt(reader, node, 0);
    reader.result(node, target, [x], reader.elementType(node.input(0)));
  };

/** Types that the studio holds as int32 although they are narrower, or unsigned. */
const WRAPPING: ReadonlySet<number> = new Set([
  ELEMENT.INT8,
  ELEMENT.UINT8,
  ELEMENT.INT16,
  ELEMENT.UINT16,
  ELEMENT.UINT32,
  ELEMENT.UINT64,
]);

/**
 * Arithmetic whose result may leave the range of its type. In a narrow type it wraps around, which a cast behind it
 * does; PyTorch has no UINT16, UINT32 and UINT64, so that these are refused.
 */
export function arithmetic(
  reader: GraphReader,
  node: OnnxNode,
  target: string,
  args: readonly Argument[],
  type: number,
  kwargs: Readonly<Record<string, Argument>> = {},
): void {
  if (!WRAPPING.has(type)) {
    reader.result(node, target, args, type, { kwargs });
    return;
  }
  const dtype =
    torchDtype(type) ??
    node.fail(
      `computes in ${elementName(type)}, where a result may wrap around; the studio does arithmetic in float types, INT8, UINT8, INT16, INT32 and INT64.`,
    );
  const wide = reader.step(node, target, args);
  reader.cast(node, wide, dtype, type);
}

const wrapping =
  (target: string): OpReader =>
  (reader, node) =>
    arithmetic(reader, node, target, [operandAt(reader, node, 0)], reader.elementType(node.input(0)));

export const binary =
  (target: string): OpReader =>
  (reader, node) => {
    const args = [operandAt(reader, node, 0), operandAt(reader, node, 1)];
    arithmetic(reader, node, target, args, reader.elementType(node.input(0)));
  };

/** Whole numbers are divided as such, cut off towards zero. */
export const readDiv: OpReader = (reader, node) => {
  const type = reader.elementType(node.input(0));
  const args = [operandAt(reader, node, 0), operandAt(reader, node, 1)];
  const kwargs = { rounding_mode: 'trunc' };
  if (!isIntegerElement(type)) reader.result(node, 'torch.div', args, type);
  // The least number divided by −1 is one more than the largest.
  else if (type === ELEMENT.INT8 || type === ELEMENT.INT16)
    reader.cast(node, stepWith(reader, node, 'torch.div', args, kwargs), torchDtype(type) ?? '', type);
  else reader.result(node, 'torch.div', args, type, { kwargs });
};

/** As `stepOf`, with keyword arguments. */
export function stepWith(
  reader: GraphReader,
  node: OnnxNode,
  target: string,
  args: readonly Argument[],
  kwargs: Readonly<Record<string, Argument>>,
): NodeName {
  const name = reader.names.node(target.slice(target.lastIndexOf('.') + 1));
  reader.nodeOrigins[name] = node.index;
  reader.nodes.push({ name, op: 'call_function', target, args, kwargs });
  return name;
}

const comparison =
  (target: string): OpReader =>
  (reader, node) =>
    reader.result(node, target, [operandAt(reader, node, 0), operandAt(reader, node, 1)], ELEMENT.BOOL);

const toBool =
  (target: string): OpReader =>
  (reader, node) =>
    reader.result(node, target, [operandAt(reader, node, 0)], ELEMENT.BOOL);

/** Adds the call whose value is the op's output, of the last two operands. */
type Ending = (
  reader: GraphReader,
  node: OnnxNode,
  target: string,
  args: readonly Argument[],
  type: number,
) => void;

/** Of any number of operands, two by two. */
const variadic =
  (target: string, end: Ending): OpReader =>
  (reader, node) => {
    const count = node.proto.input.length;
    if (count === 1) {
      reader.identity(node, node.input(0));
      return;
    }
    let folded = operandAt(reader, node, 0);
    for (let i = 1; i < count - 1; i++)
      folded = stepOf(reader, node)(target, folded, operandAt(reader, node, i));
    const args = [folded, operandAt(reader, node, count - 1)];
    end(reader, node, target, args, reader.elementType(node.input(0)));
  };

/** Of two values the result is one of them: nothing wraps around. */
const extremum = (target: string): OpReader =>
  variadic(target, (reader, node, ...call) => reader.result(node, ...call));

const readMean: OpReader = (reader, node) => {
  const count = node.proto.input.length;
  let sum = operandAt(reader, node, 0);
  for (let i = 1; i < count; i++) sum = stepOf(reader, node)('torch.add', sum, operandAt(reader, node, i));
  reader.result(node, 'torch.div', [sum, count], reader.elementType(node.input(0)));
};

/** With a constant exponent of one number, or with a tensor. The result has the base's type. */
export const readPow: OpReader = (reader, node) => {
  const [value, exponent] = [node.input(0), node.input(1)];
  const numbers = reader.constants.has(exponent) ? reader.constants.numbers(exponent) : [];
  const [power] = numbers;
  const type = reader.elementType(value);
  const isOne =
    power !== undefined && numbers.length === 1 && reader.constants.describe(exponent)?.shape.length === 0;
  const args = [operandAt(reader, node, 0), isOne ? power : operandAt(reader, node, 1)];
  const isWhole = isFloatElement(type) || isIntegerElement(reader.elementType(exponent));
  if (isWhole) return arithmetic(reader, node, 'torch.pow', args, type);
  const float = reader.step(node, 'torch.pow', args);
  reader.cast(node, float, torchDtype(type) ?? 'torch.int32', type);
};

const readMod: OpReader = (reader, node) => {
  const args = [operandAt(reader, node, 0), operandAt(reader, node, 1)];
  const type = reader.elementType(node.input(0));
  if (isFloatElement(type) && !node.flag('fmod'))
    node.fail('of floats has fmod 0; ONNX defines it with fmod 1 only.');
  reader.result(node, node.flag('fmod') ? 'torch.fmod' : 'torch.remainder', args, type);
};

const readWhere: OpReader = (reader, node) => {
  const args = [0, 1, 2].map((i) => operandAt(reader, node, i));
  reader.result(node, 'torch.where', args, reader.elementType(node.input(1)));
};

const readIsInf: OpReader = (reader, node) => {
  const x = operandAt(reader, node, 0);
  const step = stepOf(reader, node);
  const [negative, positive] = [node.int('detect_negative', 1) !== 0, node.int('detect_positive', 1) !== 0];
  if (negative && positive) reader.result(node, 'torch.isinf', [x], ELEMENT.BOOL);
  else if (!negative && !positive) reader.result(node, 'torch.ne', [x, x], ELEMENT.BOOL);
  else {
    const side = step(positive ? 'torch.gt' : 'torch.lt', x, 0);
    reader.result(node, 'torch.logical_and', [step('torch.isinf', x), side], ELEMENT.BOOL);
  }
};

/** Readers by the op's name. */
export const ELEMENTWISE_READERS: Readonly<Record<string, OpReader>> = {
  Abs: wrapping('torch.abs'),
  Neg: wrapping('torch.neg'),
  Sign: unary('torch.sign'),
  Floor: unary('torch.floor'),
  Ceil: unary('torch.ceil'),
  Round: unary('torch.round'),
  Exp: unary('torch.exp'),
  Log: unary('torch.log'),
  Sin: unary('torch.sin'),
  Cos: unary('torch.cos'),
  Tan: unary('torch.tan'),
  Asin: unary('torch.asin'),
  Acos: unary('torch.acos'),
  Atan: unary('torch.atan'),
  Sinh: unary('torch.sinh'),
  Cosh: unary('torch.cosh'),
  Asinh: unary('torch.asinh'),
  Acosh: unary('torch.acosh'),
  Atanh: unary('torch.atanh'),
  IsNaN: toBool('torch.isnan'),
  IsInf: readIsInf,
  Not: toBool('torch.logical_not'),
  And: comparison('torch.logical_and'),
  Or: comparison('torch.logical_or'),
  Xor: comparison('torch.logical_xor'),
  Equal: comparison('torch.eq'),
  Greater: comparison('torch.gt'),
  GreaterOrEqual: comparison('torch.ge'),
  Less: comparison('torch.lt'),
  LessOrEqual: comparison('torch.le'),
  Where: readWhere,
  Add: binary('torch.add'),
  Sub: binary('torch.sub'),
  Mul: binary('torch.mul'),
  Div: readDiv,
  Pow: readPow,
  Mod: readMod,
  Min: extremum('torch.minimum'),
  Max: extremum('torch.maximum'),
  Sum: variadic('torch.add', arithmetic),
  Mean: readMean,
};
