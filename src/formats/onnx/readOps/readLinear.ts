import type { NodeName } from '../../../graph/ids';
import { ref } from '../../../graph/node';
import { scaled, transposed } from '../matrix';
import type { LinearOrigin } from '../origin';
import type { LinearParts } from '../reader/graphParts';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { biasVector, fitsBias, constantFloats as floats, followingAdd } from './bias';

const MATMUL = 'torch.matmul';
const TRANSPOSE = 'torch.transpose';

/** Shape of a constant that can be a Linear's weight: a float matrix. */
function matrixShape(reader: GraphReader, value: string): readonly [number, number] | null {
  const shape = reader.constants.describe(value)?.shape;
  const [rows, columns] = shape ?? [];
  return shape?.length === 2 && rows !== undefined && columns !== undefined && reader.isFloat(value)
    ? [rows, columns]
    : null;
}

/** Reads `t` as its transposed view where `on` is set. */
const view = (reader: GraphReader, node: OnnxNode, value: NodeName, on: boolean): NodeName =>
  on ? reader.step(node, TRANSPOSE, [ref(value), -2, -1]) : value;

/**
 * Gemm: `alpha · A' B' + beta · C`, both transposed on request. With a constant B it is one Linear; C becomes its
 * bias where it holds one value per column, else it is added behind.
 */
export function readGemm(reader: GraphReader, node: OnnxNode): void {
  const weight = node.input(1);
  const shape = matrixShape(reader, weight);
  if (!shape || reader.constants.has(node.input(0))) {
    readComputedGemm(reader, node);
    return;
  }
  const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)];
  // beta = 0 takes C out of the product, whatever it holds.
  const added = beta === 0 ? '' : node.optionalInput(2);
  const transB = node.flag('transB');
  const outFeatures = transB ? shape[0] : shape[1];
  const addedShape = reader.constants.describe(added)?.shape;
  const isBias = addedShape !== undefined && reader.isFloat(added) && fitsBias(addedShape, outFeatures, 1, 2);
  const stored = floats(reader, weight);
  const parts: LinearParts = {
    weight: scaled(transB ? stored : transposed(stored), alpha),
    bias: isBias ? biasVector(reader, added, outFeatures, beta) : null,
    origin: {
      nodeIndex: node.index,
      activationInput: 0,
      weightInitializer: weight,
      weightTransposed: !transB,
      bias: isBias ? { nodeIndex: node.index, input: 2, initializer: added } : null,
      alpha,
      beta,
    },
  };
  const input = gemmInput(reader, node);
  if (!added || isBias) reader.linear(node, input, parts, node.output, false);
  else addBehind(reader, node, reader.linearStep(node, input, parts), added, beta);
}

/** Gemm's first input, transposed where transA asks for it. The view holds the file's value, transposed. */
function gemmInput(reader: GraphReader, node: OnnxNode): NodeName {
  const value = node.input(0);
  const input = reader.operand(value, node.title);
  return node.flag('transA') ? reader.transposedView(node, input, value) : input;
}

function addBehind(
  reader: GraphReader,
  node: OnnxNode,
  product: NodeName,
  added: string,
  beta: number,
): void {
  const operand = reader.operand(added, node.title);
  const term = beta === 1 ? operand : reader.step(node, 'torch.mul', [ref(operand), beta]);
  reader.result(node, 'torch.add', [ref(product), ref(term)], reader.elementType(node.input(0)));
}

/** Gemm of two computed matrices. */
function readComputedGemm(reader: GraphReader, node: OnnxNode): void {
  const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)];
  const a = view(reader, node, reader.operand(node.input(0), node.title), node.flag('transA'));
  const b = view(reader, node, reader.operand(node.input(1), node.title), node.flag('transB'));
  const added = beta === 0 ? '' : node.optionalInput(2);
  const type = reader.elementType(node.input(0));
  if (!added && alpha === 1) {
    reader.result(node, MATMUL, [ref(a), ref(b)], type);
    return;
  }
  const product = reader.step(node, MATMUL, [ref(a), ref(b)]);
  if (!added) {
    reader.result(node, 'torch.mul', [ref(product), alpha], type);
    return;
  }
  const factored = alpha === 1 ? product : reader.step(node, 'torch.mul', [ref(product), alpha]);
  addBehind(reader, node, factored, added, beta);
}

/**
 * MatMul: with a constant matrix on one side one Linear, together with an Add of a bias behind it. A constant on
 * the left, `W X`, is `(Xᵀ Wᵀ)ᵀ`: a Linear between two transposed views. Anything else is `torch.matmul`.
 */
export function readMatMul(reader: GraphReader, node: OnnxNode): void {
  const [left, right] = [node.input(0), node.input(1)];
  const onLeft = reader.constants.has(left);
  const [weight, activation] = onLeft ? [left, right] : [right, left];
  const shape = matrixShape(reader, weight);
  const rank = reader.shapeOf(activation)?.length;
  if (!shape || reader.constants.has(activation) || (onLeft && rank === 1)) {
    const operands = [left, right].map((value) => ref(reader.operand(value, node.title)));
    reader.result(node, MATMUL, operands, reader.elementType(left));
    return;
  }
  const add = followingAdd(reader, node, onLeft ? shape[0] : shape[1], onLeft ? 2 : 1, rank);
  if (add) reader.absorbed.add(add.bias.nodeIndex);
  const parts = matMulParts(reader, node, shape, onLeft, add?.bias ?? null);
  const value = add?.value ?? node.output;
  const input = reader.operand(activation, node.title);
  if (!onLeft) {
    reader.linear(node, input, parts, value, false);
    return;
  }
  const linear = reader.linear(node, reader.transposedView(node, input, activation), parts, value, true);
  reader.transposedBack(node, linear, value);
}

function matMulParts(
  reader: GraphReader,
  node: OnnxNode,
  [rows, columns]: readonly [number, number],
  onLeft: boolean,
  bias: LinearOrigin['bias'],
): LinearParts {
  const weight = node.input(onLeft ? 0 : 1);
  const stored = floats(reader, weight);
  return {
    weight: onLeft ? stored : transposed(stored),
    bias: bias && biasVector(reader, bias.initializer, onLeft ? rows : columns, 1),
    origin: {
      nodeIndex: node.index,
      activationInput: onLeft ? 1 : 0,
      weightInitializer: weight,
      weightTransposed: !onLeft,
      bias,
      alpha: 1,
      beta: 1,
    },
  };
}
