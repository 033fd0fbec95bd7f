import { GraphError } from '../../../graph/errors';
import { floatTensor } from '../../../graph/tensor';
import type { GraphWriter, OpWriter } from './graphWriter';

/* Activation functions that are more than one op of ONNX, or have parameters. */

const number = (writer: GraphWriter, value: number): string => writer.operand({ kind: 'number', value });

/** An infinite bound is left out. */
function clip(
  writer: GraphWriter,
  inputs: readonly string[],
  min: number,
  max: number,
  output: string,
): void {
  const bound = (value: number) => (Number.isFinite(value) ? number(writer, value) : '');
  const bounds = [bound(min), ...(Number.isFinite(max) ? [bound(max)] : [])];
  writer.node('Clip', [...inputs, ...bounds], output);
}

export const relu6: OpWriter<'relu6'> = (writer, call, output) =>
  clip(writer, writer.operands(call), 0, 6, output);

export const hardtanh: OpWriter<'hardtanh'> = (writer, call, output) =>
  clip(writer, writer.operands(call), call.attrs.min, call.attrs.max, output);

export const elu: OpWriter<'elu'> = (writer, call, output) =>
  writer.node('Elu', writer.operands(call), output, { alpha: { f: call.attrs.alpha } });

export const leakyRelu: OpWriter<'leaky_relu'> = (writer, call, output) =>
  writer.node('LeakyRelu', writer.operands(call), output, { alpha: { f: call.attrs.negativeSlope } });

/** PyTorch's slopes stand on axis 1; ONNX's broadcast from the last one. */
export const prelu: OpWriter<'prelu'> = (writer, call, output, node) => {
  const { weight } = call.attrs;
  const slopes = writer.tensor(weight).data.length;
  const rank = writer.inputShape(call)?.length;
  if (slopes > 1 && rank === undefined)
    throw new GraphError(
      `Node '${node.name}' (PReLU) has ${slopes} slopes and an input of unknown rank; ONNX needs to know it.`,
      node.name,
    );
  const behind = new Array<number>(Math.max(0, (rank ?? 2) - 2)).fill(1);
  const shape = slopes > 1 ? [slopes, ...behind] : [1];
  writer.node('PRelu', [...writer.operands(call), writer.reshapedParam(weight, shape)], output);
};

export const silu: OpWriter<'silu'> = (writer, call, output) => {
  const [x = ''] = writer.operands(call);
  const sigmoid = writer.freshName(`${output}_sigmoid`);
  writer.node('Sigmoid', [x], sigmoid);
  writer.node('Mul', [x, sigmoid], output);
};

export const pow: OpWriter<'pow'> = (writer, call, output) =>
  writer.node('Pow', [...writer.operands(call), number(writer, call.attrs.exponent)], output);

/** ONNX has no reciprocal root. */
export const rsqrt: OpWriter<'rsqrt'> = (writer, call, output) => {
  const root = writer.freshName(`${output}_sqrt`);
  writer.node('Sqrt', writer.operands(call), root);
  writer.node('Reciprocal', [root], output);
};

/** Opset 17 has no Gelu: the formula, with Erf or Tanh. */
export const gelu: OpWriter<'gelu'> = (writer, call, output) => {
  const [x = ''] = writer.operands(call);
  const step = (opType: string, ...inputs: string[]): string => {
    const to = writer.freshName(`${output}_${opType.toLowerCase()}`);
    writer.node(opType, inputs, to);
    return to;
  };
  const tanhArgument = () => {
    const cube = step('Mul', step('Mul', step('Mul', x, x), x), number(writer, 0.044715));
    return step('Mul', step('Add', x, cube), number(writer, Math.sqrt(2 / Math.PI)));
  };
  const bent =
    call.attrs.approximate === 'none'
      ? step('Erf', step('Mul', x, number(writer, Math.SQRT1_2)))
      : step('Tanh', tanhArgument());
  const half = step('Mul', x, number(writer, 0.5));
  writer.node('Mul', [half, step('Add', bent, number(writer, 1))], output);
};

export const layerNorm: OpWriter<'layer_norm'> = (writer, call, output) => {
  const { weight, bias, normalizedShape, eps } = call.attrs;
  const size = normalizedShape.reduce((product, dim) => product * dim, 1);
  const scale =
    weight === null
      ? writer.ownConstant(`${output}_scale`, floatTensor(normalizedShape, new Float32Array(size).fill(1)))
      : writer.param(weight);
  const inputs = [...writer.operands(call), scale, ...(bias === null ? [] : [writer.param(bias)])];
  writer.node('LayerNormalization', inputs, output, {
    axis: { i: -normalizedShape.length },
    epsilon: { f: eps },
  });
};
