import { GraphError } from '../../../graph/errors';
import { axisOf } from '../../../graph/shape';
import type { OpWriter } from './graphWriter';
import { reshapeTo } from './writeSizes';

/* The same elements with some axes joined, or with two exchanged. */

/** `torch.flatten(x, 1)` is ONNX's Flatten; any other range of axes is a Reshape that copies the axes before it. */
export const flatten: OpWriter<'flatten'> = (writer, call, output, node) => {
  const [x = ''] = writer.operands(call);
  const shape = writer.inputShape(call);
  const { startDim, endDim } = call.attrs;
  if (startDim === 1 && (endDim === -1 || endDim + 1 === shape?.length)) {
    writer.node('Flatten', [x], output, { axis: { i: 1 } });
    return;
  }
  if (startDim === 0 && endDim === -1) {
    reshapeTo(writer, x, [-1], output);
    return;
  }
  const start = shape && axisOf(startDim, shape.length);
  const end = shape && axisOf(endDim, shape.length);
  const behind = shape && end !== null ? shape.slice(end + 1) : null;
  if (start === null || !behind?.every((dim) => typeof dim === 'number'))
    throw new GraphError(
      `Node '${node.name}' flattens axes ${startDim} to ${endDim} of a tensor of shape [${shape?.join(', ') ?? 'unknown'}]; ONNX needs to know the sizes behind them.`,
      node.name,
    );
  // 0 copies the axis of the same place, which works only in front of the merged ones.
  reshapeTo(writer, x, [...new Array<number>(start).fill(0), -1, ...behind], output);
};

export const transpose: OpWriter<'transpose'> = (writer, call, output, node) => {
  const [x = ''] = writer.operands(call);
  const rank = writer.inputShape(call)?.length;
  const a = rank === undefined ? null : axisOf(call.attrs.dim0, rank);
  const b = rank === undefined ? null : axisOf(call.attrs.dim1, rank);
  if (rank === undefined || a === null || b === null)
    throw new GraphError(
      `Node '${node.name}' exchanges axes ${call.attrs.dim0} and ${call.attrs.dim1} of a tensor of ${rank === undefined ? 'unknown rank' : `rank ${rank}`}; ONNX needs to know the rank.`,
      node.name,
    );
  const order = Array.from({ length: rank }, (_, axis) => (axis === a ? b : axis === b ? a : axis));
  writer.node('Transpose', [x], output, { perm: { ints: order } });
};
