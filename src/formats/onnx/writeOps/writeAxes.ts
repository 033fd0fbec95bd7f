import { GraphError } from '../../../graph/errors';
import type { IndexPart } from '../../../graph/op';
import { axisOf, formatShape } from '../../../graph/shape';
import type { Extent } from '../../../graph/sizes';
import type { OpWriter } from './graphWriter';
import { inputValue } from './writeMoves';
import { extentsVector, extentVector } from './writeSizes';

/* Ops that pick, join, drop or reorder axes. */

export const permute: OpWriter<'permute'> = (writer, call, output) => {
  const { order } = call.attrs;
  const perm = order.map((dim) => (dim < 0 ? dim + order.length : dim));
  writer.node('Transpose', writer.operands(call), output, { perm: { ints: perm } });
};

export const cat: OpWriter<'cat'> = (writer, call, output) =>
  writer.node('Concat', writer.operands(call), output, { axis: { i: call.attrs.dim } });

export const mean: OpWriter<'mean'> = (writer, call, output) =>
  writer.node('ReduceMean', writer.operands(call), output, {
    ...(call.attrs.dims && { axes: { ints: call.attrs.dims } }),
    keepdims: { i: call.attrs.keepDim ? 1 : 0 },
  });

/** PyTorch leaves axes of another size than 1 alone; ONNX refuses them, so their sizes must be known. */
export const squeeze: OpWriter<'squeeze'> = (writer, call, output, node) => {
  const inputs = writer.operands(call);
  const { dims } = call.attrs;
  if (dims === null) {
    writer.node('Squeeze', inputs, output);
    return;
  }
  const shape = writer.inputShape(call);
  const axes = shape && dims.map((dim) => axisOf(dim, shape.length));
  if (!shape || !axes?.every((axis) => axis !== null && typeof shape[axis] === 'number'))
    throw new GraphError(
      `Node '${node.name}' drops axes ${dims.join(', ')} of a tensor of shape ${formatShape(shape) || 'unknown'}; ONNX needs to know their sizes.`,
      node.name,
    );
  const ones = axes.filter((axis) => axis !== null && shape[axis] === 1);
  if (ones.length === 0) writer.node('Identity', inputs, output);
  else writer.node('Squeeze', [...inputs, writer.integers(`${output}_axes`, ones.map(Number))], output);
};

export const unsqueeze: OpWriter<'unsqueeze'> = (writer, call, output) =>
  writer.node(
    'Unsqueeze',
    [...writer.operands(call), writer.integers(`${output}_axes`, [call.attrs.dim])],
    output,
  );

/** Beyond every axis: a slice's open end. */
const OPEN_END = Number.MAX_SAFE_INTEGER;

interface AxisSlice {
  readonly axis: number;
  readonly start: Extent;
  readonly stop: Extent;
  readonly step: number;
}

/** A Slice of all axes that the index says something of, then a Squeeze of those it picks from, then the new ones. */
export const getitem: OpWriter<'getitem'> = (writer, call, output) => {
  const { index } = call.attrs;
  const inputAxes = axisNumbers(index, (part) => part.kind === 'at' || part.kind === 'slice');
  const outputAxes = axisNumbers(index, (part) => part.kind === 'new' || part.kind === 'slice');
  const axesOf = (kind: IndexPart['kind'], numbers: readonly number[]) =>
    index.flatMap((part, i) => (part.kind === kind ? [numbers[i] ?? 0] : []));
  const steps: ((x: string, to: string) => void)[] = [];
  const slices = index.flatMap((part, i) => sliceOf(part, inputAxes[i] ?? 0));
  if (slices.length > 0)
    steps.push((x, to) => {
      const input = (key: keyof AxisSlice) =>
        extentsVector(
          writer,
          slices.map((s) => s[key]),
          `${to}_${key}`,
        );
      writer.node('Slice', [x, input('start'), input('stop'), input('axis'), input('step')], to);
    });
  index.forEach((part, i) => {
    if (part.kind !== 'at' || typeof part.position === 'number') return;
    const { position } = part;
    steps.push((x, to) =>
      writer.node('Gather', [x, extentVector(writer, position, to)], to, { axis: { i: inputAxes[i] ?? 0 } }),
    );
  });
  const withAxes = (opType: string, axes: readonly number[]) => {
    if (axes.length > 0)
      steps.push((x, to) => writer.node(opType, [x, writer.integers(`${to}_axes`, axes)], to));
  };
  withAxes('Squeeze', axesOf('at', inputAxes));
  withAxes('Unsqueeze', axesOf('new', outputAxes));
  if (steps.length === 0) steps.push((x, to) => writer.node('Identity', [x], to));
  let value = inputValue(writer, call);
  steps.forEach((write, i) => {
    const to = i === steps.length - 1 ? output : writer.freshName(`${output}_part`);
    write(value, to);
    value = to;
  });
};

/** The axis of each part that takes one: counted from the front before an ellipsis, from the back behind it. */
function axisNumbers(index: readonly IndexPart[], takes: (part: IndexPart) => boolean): readonly number[] {
  const rest = index.findIndex((part) => part.kind === 'rest');
  return index.map((_, i) =>
    rest < 0 || i < rest ? index.slice(0, i).filter(takes).length : -index.slice(i).filter(takes).length,
  );
}

function sliceOf(part: IndexPart, axis: number): readonly AxisSlice[] {
  if (part.kind === 'at') {
    const { position } = part;
    if (typeof position !== 'number') return [];
    return [{ axis, start: position, stop: position === -1 ? OPEN_END : position + 1, step: 1 }];
  }
  if (part.kind !== 'slice' || (part.start === null && part.stop === null && part.step === 1)) return [];
  return [{ axis, start: part.start ?? 0, stop: part.stop ?? OPEN_END, step: part.step }];
}
