import { GraphError } from '../../../graph/errors';
import type { Node } from '../../../graph/node';
import type { OpCall } from '../../../graph/op';
import { axisOf, formatShape } from '../../../graph/shape';
import { ELEMENT, isIntegerElement } from '../file/elementTypes';
import type { GraphWriter, OpWriter } from './graphWriter';
import { extentsVector } from './writeSizes';

/* Ops that repeat, stack, pick and rearrange. */

/** The number of axes of a call's first operand, which ONNX needs; a GraphError where it is not known. */
export function rankOf(writer: GraphWriter, call: OpCall, node: Node): number {
  const rank = writer.inputShape(call)?.length;
  if (rank === undefined)
    throw new GraphError(
      `Node '${node.name}' (${call.op}) reads a tensor of unknown rank; ONNX needs to know it. Open the model with the shapes of its inputs.`,
      node.name,
    );
  return rank;
}

/** The value of the first operand. */
export const inputValue = (writer: GraphWriter, call: OpCall): string => {
  const [x] = call.operands;
  return x ? writer.operand(x) : '';
};

/** An axis that an op keeps is one that ONNX broadcasts with a 1. */
export const expand: OpWriter<'expand'> = (writer, call, output) => {
  const kept = call.attrs.shape.map((extent) => (extent === -1 ? 1 : extent));
  writer.node('Expand', [inputValue(writer, call), extentsVector(writer, kept, output)], output);
};

/** ONNX's Tile wants a number for each axis. */
export const repeat: OpWriter<'repeat'> = (writer, call, output, node) => {
  const { repeats } = call.attrs;
  const rank = writer.inputShape(call)?.length ?? repeats.length;
  let x = inputValue(writer, call);
  if (repeats.length > rank) {
    const long = writer.freshName(`${output}_long`);
    const axes = Array.from({ length: repeats.length - rank }, (_, axis) => axis);
    writer.node('Unsqueeze', [x, writer.integers(`${output}_axes`, axes)], long);
    x = long;
  }
  if (repeats.some((extent) => typeof extent !== 'number') && repeats.length < rank)
    rankOf(writer, call, node);
  const all = [...new Array<number>(Math.max(0, rank - repeats.length)).fill(1), ...repeats];
  writer.node('Tile', [x, extentsVector(writer, all, output)], output);
};

export const stack: OpWriter<'stack'> = (writer, call, output) => {
  const { dim } = call.attrs;
  const axis = writer.integers(`${output}_axis`, [dim]);
  const lines = writer.operands(call).map((x) => {
    const line = writer.freshName(`${output}_line`);
    writer.node('Unsqueeze', [x, axis], line);
    return line;
  });
  writer.node('Concat', lines, output, { axis: { i: dim } });
};

/** The value of an index, cast where it comes as floats, as the studio's data does. */
export function indexValue(writer: GraphWriter, call: OpCall, position: number, output: string): string {
  const operand = call.operands[position];
  const value = operand ? writer.operand(operand) : '';
  const type = operand?.kind === 'node' ? writer.elementType(operand.node) : ELEMENT.INT64;
  if (isIntegerElement(type)) return value;
  const cast = writer.freshName(`${output}_indices`);
  writer.node('Cast', [value], cast, { to: { i: ELEMENT.INT64 } });
  return cast;
}

export const gather: OpWriter<'gather'> = (writer, call, output) =>
  writer.node('GatherElements', [inputValue(writer, call), indexValue(writer, call, 1, output)], output, {
    axis: { i: call.attrs.dim },
  });

export const indexSelect: OpWriter<'index_select'> = (writer, call, output) => {
  const { index, dim } = call.attrs;
  const picked = index ? writer.integers(`${output}_index`, index) : indexValue(writer, call, 1, output);
  writer.node('Gather', [inputValue(writer, call), picked], output, { axis: { i: dim } });
};

/** Before every axis: the end of a slice that goes backwards to the first element. */
const OPEN_FRONT = Number.MIN_SAFE_INTEGER;

export const flip: OpWriter<'flip'> = (writer, call, output) => {
  const { dims } = call.attrs;
  const all = (name: string, value: number) =>
    writer.integers(
      `${output}_${name}`,
      dims.map(() => value),
    );
  writer.node(
    'Slice',
    [
      inputValue(writer, call),
      all('start', -1),
      all('stop', OPEN_FRONT),
      writer.integers(`${output}_axis`, dims),
      all('step', -1),
    ],
    output,
  );
};

/** The end of an axis comes in front of its beginning, one axis after the other. */
export const roll: OpWriter<'roll'> = (writer, call, output, node) => {
  const shape = writer.inputShape(call);
  const { shifts, dims } = call.attrs;
  let x = inputValue(writer, call);
  const steps = dims.length === 0 ? [] : shifts.map((shift, i) => ({ shift, dim: dims[i] ?? 0 }));
  const sizes = steps.map(({ dim }) => shape?.[axisOf(dim, shape.length) ?? -1]);
  if (steps.length === 0 || !sizes.every((size) => typeof size === 'number'))
    throw new GraphError(
      `Node '${node.name}' rolls a tensor of shape ${formatShape(shape) || 'unknown'} along ${dims.join(', ') || 'all axes at once'}; ONNX needs to know the sizes of single axes.`,
      node.name,
    );
  steps.forEach(({ shift, dim }, i) => {
    const size = Number(sizes[i]);
    const cut = size === 0 ? 0 : (((size - shift) % size) + size) % size;
    const part = (from: number, to: number, name: string) => {
      const made = writer.freshName(`${output}_${name}`);
      const bounds = [from, to, dim].map((value) => writer.integers(`${made}_at`, [value]));
      writer.node('Slice', [x, ...bounds], made);
      return made;
    };
    const to = i === steps.length - 1 ? output : writer.freshName(`${output}_part`);
    writer.node('Concat', [part(cut, size, 'end'), part(0, cut, 'front')], to, { axis: { i: dim } });
    x = to;
  });
};

export const trilu: OpWriter<'trilu'> = (writer, call, output) =>
  writer.node(
    'Trilu',
    [inputValue(writer, call), writer.integerScalar(`${output}_diagonal`, call.attrs.diagonal)],
    output,
    { upper: { i: call.attrs.upper ? 1 : 0 } },
  );

function imageChannels(writer: GraphWriter, call: OpCall, node: Node): number | null {
  const rank = rankOf(writer, call, node);
  if (rank !== 4)
    throw new GraphError(
      `Node '${node.name}' (${call.op}) reads a tensor of ${rank} axes; ONNX's op takes four.`,
      node.name,
    );
  const channels = writer.inputShape(call)?.[1];
  return typeof channels === 'number' ? channels : null;
}

export const pixelShuffle: OpWriter<'pixel_shuffle'> = (writer, call, output, node) => {
  imageChannels(writer, call, node);
  writer.node('DepthToSpace', [inputValue(writer, call)], output, {
    blocksize: { i: call.attrs.factor },
    mode: { s: 'CRD' },
  });
};

/** ONNX puts the places of a block in front of the channels, PyTorch behind them. */
export const pixelUnshuffle: OpWriter<'pixel_unshuffle'> = (writer, call, output, node) => {
  const channels = imageChannels(writer, call, node);
  if (channels === null)
    throw new GraphError(
      `Node '${node.name}' (pixel_unshuffle) reads an unknown number of channels; ONNX needs to know it.`,
      node.name,
    );
  const places = call.attrs.factor ** 2;
  const deep = writer.freshName(`${output}_deep`);
  writer.node('SpaceToDepth', [inputValue(writer, call)], deep, { blocksize: { i: call.attrs.factor } });
  const order = Array.from(
    { length: channels * places },
    (_, i) => (i % places) * channels + Math.floor(i / places),
  );
  writer.node('Gather', [deep, writer.integers(`${output}_order`, order)], output, { axis: { i: 1 } });
};

export const einsum: OpWriter<'einsum'> = (writer, call, output) =>
  writer.node('Einsum', writer.operands(call), output, { equation: { s: call.attrs.equation } });

export const topk: OpWriter<'topk'> = (writer, call, output, node) => {
  const { count, dim, largest } = call.attrs;
  const values = call.attrs.output === 'values';
  const other = writer.freshName(`${output}_${values ? 'indices' : 'values'}`);
  writer.node(
    'TopK',
    [inputValue(writer, call), writer.integers(`${output}_k`, [count])],
    values ? [output, other] : [other, output],
    { axis: { i: dim }, largest: { i: largest ? 1 : 0 }, sorted: { i: 1 } },
  );
  if (!values) writer.define(node.name, output, ELEMENT.INT64);
};
