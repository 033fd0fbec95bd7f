import { create } from '@bufbuild/protobuf';
import type { OpCall, Operand, OpName } from '../../../graph/op';
import { ELEMENT } from '../file/elementTypes';
import { TensorProtoSchema } from '../gen/onnx_pb';
import type { GraphWriter, OpWriter, WrittenAttributes } from './graphWriter';

/* ONNX's ops take operands of one type each and convert nothing: what PyTorch promotes is a Cast here. */

const RANK: Readonly<Record<number, number>> = {
  [ELEMENT.BOOL]: 0,
  [ELEMENT.INT32]: 1,
  [ELEMENT.INT64]: 2,
  [ELEMENT.FLOAT]: 3,
};

/** Null for a whole number, which is of any type. Sizes are written as FLOAT. */
function typeOf(writer: GraphWriter, operand: Operand): number | null {
  if (operand.kind === 'node') return writer.elementType(operand.node);
  return operand.kind === 'number' && Number.isInteger(operand.value) ? null : ELEMENT.FLOAT;
}

/** The type that operands are computed in. */
export function commonType(writer: GraphWriter, operands: readonly Operand[]): number {
  const known = operands.map((operand) => typeOf(writer, operand)).filter((type) => type !== null);
  const [first = ELEMENT.FLOAT] = known;
  const type = known.reduce((a, b) => ((RANK[b] ?? 0) > (RANK[a] ?? 0) ? b : a), first);
  const hasNumber = known.length < operands.length;
  return type === ELEMENT.BOOL && hasNumber ? ELEMENT.INT64 : type;
}

/** The value of an operand in a type. */
export function operandAs(writer: GraphWriter, operand: Operand, type: number): string {
  if (operand.kind === 'number') return scalarOf(writer, operand.value, type);
  return valueAs(writer, writer.operand(operand), typeOf(writer, operand) ?? ELEMENT.FLOAT, type);
}

export function valueAs(writer: GraphWriter, value: string, from: number, type: number): string {
  if (from === type) return value;
  return writer.once(`${value} as ${type}`, () => {
    const cast = writer.freshName(`${value}_cast`);
    writer.node('Cast', [value], cast, { to: { i: type } });
    return cast;
  });
}

/** A number as a scalar of a type. */
export function scalarOf(writer: GraphWriter, value: number, type: number): string {
  if (type === ELEMENT.FLOAT) return writer.operand({ kind: 'number', value });
  return writer.once(`constant:${value}:${type}`, () => {
    const name = writer.freshName('constant');
    const data = type === ELEMENT.INT64 ? { int64Data: [BigInt(value)] } : { int32Data: [value] };
    writer.initializers.push(create(TensorProtoSchema, { name, dataType: type, ...data }));
    return name;
  });
}

/** All operands in one type. */
export const operandsAs = (
  writer: GraphWriter,
  operands: readonly Operand[],
  type: number,
): readonly string[] => operands.map((operand) => operandAs(writer, operand, type));

/** A node on the way to an op's value; gives the name of what it makes. */
export const stepOf =
  (writer: GraphWriter, output: string) =>
  (opType: string, inputs: readonly string[], attributes: WrittenAttributes = {}): string => {
    const to = writer.freshName(`${output}_${opType.toLowerCase()}`);
    writer.node(opType, inputs, to, attributes);
    return to;
  };

/** An op whose operands are promoted, `least` being the lowest type that it takes. */
export const promoted =
  <O extends OpName>(opType: string, least: number = ELEMENT.INT32): OpWriter<O> =>
  (writer, call: OpCall, output, node) => {
    const common = commonType(writer, call.operands);
    const type = (RANK[common] ?? 0) < (RANK[least] ?? 0) ? least : common;
    writer.node(opType, operandsAs(writer, call.operands, type), output);
    writer.define(node.name, output, type);
  };
