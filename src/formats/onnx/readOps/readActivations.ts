import { type NodeRef, ref } from '../../../graph/node';
import { asFloat, floatTensor } from '../../../graph/tensor';
import { tensorProto } from '../file/tensorWrite';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { type OpReader, operandAt, stepOf, unary } from './readElementwise';

/* Activation functions. Those whose parameters PyTorch does not have are written out. */

const F = 'torch.nn.functional';

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
export const ACTIVATION_READERS: Readonly<Record<string, OpReader>> = {
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
};
