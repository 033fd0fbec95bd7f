import { GraphError } from '../../../graph/errors';
import type { NodeName } from '../../../graph/ids';
import type { Node } from '../../../graph/node';
import type { OpCall, OpName } from '../../../graph/op';
import { resolveNode } from '../../../graph/resolve';
import { asFloat, floatTensor } from '../../../graph/tensor';
import { ELEMENT } from '../file/elementTypes';
import { writeOp } from '../writeOps';
import type { Average } from './averages';
import { quantizedElement, weightLevels } from './integerTensors';
import type { IntegerValue, QuantizedWriter } from './quantizedWriter';
import { type RowMuls, rowFactorsOf } from './rowMuls';

/** What was found in the graph before it is written. */
export interface Rearranged {
  readonly muls: RowMuls;
  readonly averages: ReadonlyMap<NodeName, Average>;
}

/** Writes one call of an op of a reference form. */
type QuantizedOpWriter<O extends OpName> = (
  writer: QuantizedWriter,
  call: OpCall<O>,
  output: string,
  node: Node,
  found: Rearranged,
) => void;

function elementOf(dtype: string, node: Node): number {
  const type = quantizedElement(dtype);
  if (type !== undefined) return type;
  throw new GraphError(
    `Node '${node.name}' quantizes to ${dtype}; ONNX's QuantizeLinear has UINT8 and INT8 for torch.quint8 and torch.qint8.`,
    node.name,
  );
}

/** The grid's scale and zero point as initializers, and the type of its integers. */
function gridOf(
  writer: QuantizedWriter,
  call: OpCall<'quantize_per_tensor'> | OpCall<'quantize_per_channel'>,
  node: Node,
): Omit<IntegerValue, 'value'> & { readonly type: number } {
  const type = elementOf(call.attrs.dtype, node);
  const [scales, zeroPoints] = call.operands.slice(1).map((operand) => writer.constantsOf(operand));
  if (!scales || !zeroPoints || scales.length === 0 || zeroPoints.length !== scales.length)
    throw new GraphError(
      `Node '${node.name}' has a scale or a zero point that is computed; QuantizeLinear is written with constants.`,
      node.name,
    );
  const key = `${call.operands.slice(1).map((operand) => JSON.stringify(operand))}`;
  return {
    type,
    scale: writer.scales(`scale of ${key}`, `${node.name}_scale`, scales),
    zeroPoint: writer.integersOf(
      `zero point of ${key} ${type}`,
      `${node.name}_zero_point`,
      scales.length === 1 ? [] : [scales.length],
      () => zeroPoints,
      type,
    ),
  };
}

const unit = (writer: QuantizedWriter): string =>
  writer.scales('the scale 1', 'unit_scale', Float32Array.of(1));

/**
 * An average in steps of its grid. One of integers is; PyTorch's, whose halves its rounding errors decide, is
 * multiplied by the inverse scale as PyTorch does it, where QuantizeLinear would divide.
 */
function inSteps(
  writer: QuantizedWriter,
  call: OpCall<'quantize_per_tensor' | 'quantize_per_channel'>,
  value: string,
): string {
  if (writer.model.halves === undefined) return value;
  const [scale = 1] = call.operands.slice(1, 2).flatMap((operand) => Array.from(writer.constantsOf(operand)));
  const steps = writer.freshName(`${value}_steps`);
  const inverse = Float32Array.of(Math.fround(1 / Math.fround(scale)));
  writer.node('Mul', [value, writer.ownConstant(`${value}_inverse_scale`, floatTensor([], inverse))], steps);
  return steps;
}

/** A constant is stored as its integers; anything else goes through QuantizeLinear. */
const quantize: QuantizedOpWriter<'quantize_per_tensor' | 'quantize_per_channel'> = (
  writer,
  call,
  output,
  node,
  { averages },
) => {
  const [x] = call.operands;
  const { type, scale, zeroPoint } = gridOf(writer, call, node);
  const axis = call.op === 'quantize_per_channel' ? call.attrs.axis : null;
  const source = x?.kind === 'node' ? writer.index.find(x.node) : undefined;
  if (source?.op !== 'get_attr') {
    const average = x?.kind === 'node' ? averages.get(x.node) : undefined;
    const [own = ''] = writer.operands(call);
    const isBack = average?.back.has(node.name) ?? false;
    const value = x?.kind === 'node' && isBack ? (writer.averageLevels.get(x.node) ?? own) : own;
    const inputs = isBack
      ? [inSteps(writer, call, value), unit(writer), zeroPoint]
      : [value, scale, zeroPoint];
    writer.node('QuantizeLinear', inputs, output, axis === null ? {} : { axis: { i: axis } });
    writer.define(node.name, output, type);
    return;
  }
  const tensor = asFloat(writer.tensor(source.target), source.target);
  const [scales, zeroPoints] = call.operands.slice(1).map((operand) => writer.constantsOf(operand));
  const qparams = Array.from(scales ?? [], (s, i) => ({ scale: s, zeroPoint: zeroPoints?.[i] ?? 0 }));
  const levels = () => weightLevels(tensor, qparams, { axis, dtype: call.attrs.dtype });
  writer.define(
    node.name,
    writer.integersOf(`levels of ${node.name}`, output, tensor.shape, levels, type),
    type,
  );
};

const dequantize: QuantizedOpWriter<'dequantize'> = (writer, call, output, node) => {
  const [operand] = call.operands;
  const source = operand?.kind === 'node' ? writer.index.find(operand.node) : undefined;
  const made = source && resolveNode(writer.model, writer.index, source);
  if (!source || (made?.op !== 'quantize_per_tensor' && made?.op !== 'quantize_per_channel'))
    throw new GraphError(
      `internal: '${node.name}' reads '${source?.name ?? 'a number'}', which quantizes nothing.`,
      node.name,
    );
  const { scale, zeroPoint } = gridOf(writer, made, source);
  const [value = ''] = writer.operands(call);
  const axis = made.op === 'quantize_per_channel' ? { axis: { i: made.attrs.axis } } : {};
  writer.node('DequantizeLinear', [value, scale, zeroPoint], output, axis);
  writer.define(node.name, output, ELEMENT.FLOAT);
};

/** The call of the float layer that a reference layer computes with its weight on a grid. */
function floatCall<C extends OpCall<'linear'> | OpCall<'conv'> | OpCall<'conv_transpose'>>(call: C): C {
  const { weightGrid: _, ...attrs } = call.attrs;
  return { ...call, attrs };
}

const layer: QuantizedOpWriter<'linear' | 'conv' | 'conv_transpose'> = (
  writer,
  call,
  output,
  node,
  found,
) => {
  const write = () => {
    const float = floatCall(call);
    writeOp(float.op, writer, float, output, node);
  };
  const { weightGrid: grid } = call.attrs;
  if (!grid) write();
  else writer.writeLayer({ call, grid, rowFactors: rowFactorsOf(found.muls, node.name) }, write);
};

/**
 * An average over values on a grid is one of their integers, see `findAverages`: `write` gets the name that those take.
 */
function ofIntegers(
  writer: QuantizedWriter,
  node: Node,
  output: string,
  { averages }: Rearranged,
  write: (output: string) => void,
): void {
  const average = writer.model.halves === undefined ? averages.get(node.name) : undefined;
  const source = average && writer.index.find(average.quantize);
  const call = source && resolveNode(writer.model, writer.index, source);
  if (!average || !source || call?.op !== 'quantize_per_tensor') {
    write(output);
    return;
  }
  const integers = writer.operand({ kind: 'node', node: source.name });
  const { scale, zeroPoint } = gridOf(writer, call, source);
  const input = writer.once(`integers of ${source.name}`, () => {
    const value = writer.freshName(`${source.name}_integers`);
    writer.node('DequantizeLinear', [integers, unit(writer), zeroPoint], value);
    return value;
  });
  const levels = average.hasOthers ? writer.freshName(`${output}_levels`) : output;
  writer.withValue(average.input, input, () => write(levels));
  writer.averageLevels.set(node.name, levels);
  if (average.hasOthers) writer.node('Mul', [levels, scale], output);
}

const avgPool: QuantizedOpWriter<'avg_pool'> = (writer, call, output, node, found) =>
  ofIntegers(writer, node, output, found, (value) => writeOp('avg_pool', writer, call, value, node));

/** Over whole images ONNX Runtime has an integer kernel for GlobalAveragePool and none for ReduceMean. */
const adaptiveAvgPool: QuantizedOpWriter<'adaptive_avg_pool'> = (writer, call, output, node, found) =>
  ofIntegers(writer, node, output, found, (value) => {
    const { dims, outputSize } = call.attrs;
    const isImage = writer.inputShape(call)?.length === dims + 2 && outputSize.every((size) => size === 1);
    if (isImage) writer.node('GlobalAveragePool', writer.operands(call), value);
    else writeOp('adaptive_avg_pool', writer, call, value, node);
  });

const mean: QuantizedOpWriter<'mean'> = (writer, call, output, node, found) =>
  ofIntegers(writer, node, output, found, (value) => {
    const rank = writer.inputShape(call)?.length ?? 0;
    const axes = (call.attrs.dims ?? []).map((dim) => (dim < 0 ? dim + rank : dim)).toSorted((a, b) => a - b);
    const isImage = rank >= 3 && axes.join() === Array.from({ length: rank - 2 }, (_, i) => i + 2).join();
    if (!isImage) {
      writeOp('mean', writer, call, value, node);
      return;
    }
    const pooled = call.attrs.keepDim ? value : writer.freshName(`${value}_pooled`);
    writer.node('GlobalAveragePool', writer.operands(call), pooled);
    if (!call.attrs.keepDim) writer.node('Squeeze', [pooled, writer.integers(`${value}_axes`, axes)], value);
  });

/** A factor per row that its layer's weight scales have taken over is another name for its operand. */
const mul: QuantizedOpWriter<'mul'> = (writer, call, output, node, found) => {
  const input = found.muls.inputs.get(node.name);
  if (input === undefined) writeOp('mul', writer, call, output, node);
  else writer.define(node.name, writer.operand({ kind: 'node', node: input }), writer.elementType(input));
};

const ROWS: { readonly [O in OpName]?: QuantizedOpWriter<O> } = {
  quantize_per_tensor: quantize,
  quantize_per_channel: quantize,
  dequantize,
  linear: layer,
  conv: layer,
  conv_transpose: layer,
  avg_pool: avgPool,
  adaptive_avg_pool: adaptiveAvgPool,
  mean,
  mul,
};

/** The table of a reference form's ops: the float ones, but for the rows above. */
export const quantizedOps =
  (quantizedWriter: QuantizedWriter, found: Rearranged): typeof writeOp =>
  (op, writer, call, output, node) => {
    const row = ROWS[op];
    if (row) row(quantizedWriter, call, output, node, found);
    else writeOp(op, writer, call, output, node);
  };
