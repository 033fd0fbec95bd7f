import type { NodeName } from '../../graph/ids';
import { type Argument, type NodeRef, ref } from '../../graph/node';
import { asFloat, floatTensor } from '../../graph/tensor';
import { ELEMENT, elementName, isFloatElement, isIntegerElement, torchDtype } from './elementTypes';
import type { GraphReader } from './graphReader';
import type { OnnxNode } from './onnxNode';
import { tensorProto } from './tensorWrite';

/* Ops that work element by element. What ONNX has and PyTorch has not is written out in PyTorch's functions. */

export type OpReader = (reader: GraphReader, node: OnnxNode) => void;

const F = 'torch.nn.functional';

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
  if (!isIntegerElement(type)) reader.result(node, 'torch.div', args, type);
  else if (WRAPPING.has(type) && type !== ELEMENT.INT8 && type !== ELEMENT.INT16)
    reader.result(node, 'torch.div', args, type, { kwargs: { rounding_mode: 'trunc' } });
  else if (WRAPPING.has(type)) {
    const whole = stepWith(reader, node, 'torch.div', args, { rounding_mode: 'trunc' });
    reader.cast(node, whole, torchDtype(type) ?? '', type);
  } else reader.result(node, 'torch.div', args, type, { kwargs: { rounding_mode: 'trunc' } });
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

/** Of any number of operands, two by two. */
const variadic =
  (target: string): OpReader =>
  (reader, node) => {
    const count = node.proto.input.length;
    if (count === 1) {
      reader.identity(node, node.input(0));
      return;
    }
    let folded = operandAt(reader, node, 0);
    for (let i = 1; i < count - 1; i++)
      folded = stepOf(reader, node)(target, folded, operandAt(reader, node, i));
    arithmetic(
      reader,
      node,
      target,
      [folded, operandAt(reader, node, count - 1)],
      reader.elementType(node.input(0)),
    );
  };

/** Of two values the result is one of them: nothing wraps around. */
const extremum =
  (target: string): OpReader =>
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
    reader.result(node, target, args, reader.elementType(node.input(0)));
  };

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

/** Bounds are attributes before opset 11, inputs after; what is left out does not bound. */
const readClip: OpReader = (reader, node) => {
  const x = operandAt(reader, node, 0);
  const type = reader.elementType(node.input(0));
  const [low, high] = [node.optionalInput(1), node.optionalInput(2)];
  if ([low, high].every((value) => value === '' || reader.constants.has(value))) {
    const [min, max] = [boundOf(reader, node, low, 'min'), boundOf(reader, node, high, 'max')];
    if (min === null && max === null) reader.identity(node, node.input(0));
    else reader.result(node, 'torch.clamp', [x, min, max], type);
    return;
  }
  const above = low ? stepOf(reader, node)('torch.maximum', x, operandAt(reader, node, 1)) : x;
  if (high) reader.result(node, 'torch.minimum', [above, operandAt(reader, node, 2)], type);
  else reader.result(node, 'torch.maximum', [x, operandAt(reader, node, 1)], type);
};

/** ONNX's defaults are the largest floats, which do not bound either. */
const BOUNDLESS = 3.4028234e38;

function boundOf(reader: GraphReader, node: OnnxNode, input: string, name: 'min' | 'max'): number | null {
  if (!input) {
    const bound = node.attribute(name) ? node.float(name, 0) : null;
    return bound === null || Math.abs(bound) >= BOUNDLESS ? null : bound;
  }
  const [bound, ...others] = reader.constants.numbers(input);
  if (bound === undefined || others.length > 0)
    return node.fail(`has ${others.length + 1} values for its ${name}; ONNX takes one number.`);
  return bound;
}

/** `max(0, min(1, alpha x + beta))`; PyTorch's own has the alpha 1/6 and the beta 1/2. */
const readHardSigmoid: OpReader = (reader, node) => {
  const x = operandAt(reader, node, 0);
  const [alpha, beta] = [node.float('alpha', 0.2), node.float('beta', 0.5)];
  const type = reader.elementType(node.input(0));
  if (Math.fround(alpha) === Math.fround(1 / 6) && beta === 0.5) {
    reader.result(node, `${F}.hardsigmoid`, [x], type);
    return;
  }
  const step = stepOf(reader, node);
  reader.result(node, 'torch.clamp', [step('torch.add', step('torch.mul', x, alpha), beta), 0, 1], type);
};

const readElu: OpReader = (reader, node) =>
  reader.result(
    node,
    `${F}.elu`,
    [operandAt(reader, node, 0), node.float('alpha', 1)],
    reader.elementType(node.input(0)),
  );

const readCelu: OpReader = (reader, node) =>
  reader.result(
    node,
    `${F}.celu`,
    [operandAt(reader, node, 0), node.float('alpha', 1)],
    reader.elementType(node.input(0)),
  );

/** ONNX's defaults for Selu, which are PyTorch's constants in float32. */
const [SELU_ALPHA, SELU_GAMMA] = [1.6732632, 1.050701];

/** `gamma · elu(x, alpha)`. */
const readSelu: OpReader = (reader, node) => {
  const x = operandAt(reader, node, 0);
  const [alpha, gamma] = [node.float('alpha', SELU_ALPHA), node.float('gamma', SELU_GAMMA)];
  const type = reader.elementType(node.input(0));
  const isPlain = Math.abs(alpha - SELU_ALPHA) < 1e-6 && Math.abs(gamma - SELU_GAMMA) < 1e-6;
  if (isPlain) reader.result(node, `${F}.selu`, [x], type);
  else reader.result(node, 'torch.mul', [stepOf(reader, node)(`${F}.elu`, x, alpha), gamma], type);
};

const readThresholded: OpReader = (reader, node) => {
  const args = [operandAt(reader, node, 0), node.float('alpha', 1), 0];
  reader.result(node, `${F}.threshold`, args, reader.elementType(node.input(0)));
};

/** `x + bias` below −lambd, `x − bias` above it, 0 between. */
const readShrink: OpReader = (reader, node) => {
  const x = operandAt(reader, node, 0);
  const [bias, lambd] = [node.float('bias', 0), node.float('lambd', 0.5)];
  const step = stepOf(reader, node);
  const above = step('torch.where', step('torch.gt', x, lambd), step('torch.sub', x, bias), 0);
  const args = [step('torch.lt', x, -lambd), step('torch.add', x, bias), above];
  reader.result(node, 'torch.where', args, reader.elementType(node.input(0)));
};

/**
 * One slope, or one per channel (axis 1), is PyTorch's PReLU; slopes of any other shape that broadcasts are a choice
 * between x and their product.
 */
const readPRelu: OpReader = (reader, node) => {
  const x = operandAt(reader, node, 0);
  const type = reader.elementType(node.input(0));
  const slopes = channelSlopes(reader, node);
  if (slopes) {
    reader.result(node, `${F}.prelu`, [x, slopes], type);
    return;
  }
  const step = stepOf(reader, node);
  const slope = operandAt(reader, node, 1);
  reader.result(node, 'torch.where', [step('torch.lt', x, 0), step('torch.mul', x, slope), x], type);
};

/** The slopes as PyTorch's PReLU takes them, in one row; null where they are not one number per channel. */
function channelSlopes(reader: GraphReader, node: OnnxNode): NodeRef | null {
  const [value, slope] = [node.input(0), node.input(1)];
  const shape = reader.constants.describe(slope)?.shape;
  const rank = reader.shapeOf(value)?.length;
  if (!shape || !reader.isFloat(slope)) return null;
  // Before opset 7 one slope was for all, several for the channels.
  if (reader.opset < 7 && shape.length === 1) return ref(reader.operand(slope, node.title));
  const count = shape.reduce((a, b) => a * b, 1);
  const channels = rank === undefined ? undefined : shape[shape.length - (rank - 1)];
  if (count !== 1 && (channels !== count || rank === undefined || rank < 2)) return null;
  if (shape.length === 1) return ref(reader.operand(slope, node.title));
  const row = `${slope} in a row`;
  if (!reader.constants.has(row)) {
    const { data } = asFloat(reader.constants.tensor(slope), slope);
    reader.constants.fold(row, tensorProto(row, floatTensor([count], data)));
  }
  return ref(reader.operand(row, node.title));
}

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
  Softplus: unary(`${F}.softplus`),
  Softsign: unary(`${F}.softsign`),
  HardSwish: unary(`${F}.hardswish`),
  Mish: unary(`${F}.mish`),
  HardSigmoid: readHardSigmoid,
  Elu: readElu,
  Celu: readCelu,
  Selu: readSelu,
  ThresholdedRelu: readThresholded,
  Shrink: readShrink,
  PRelu: readPRelu,
  Clip: readClip,
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
  Sum: variadic('torch.add'),
  Mean: readMean,
};
