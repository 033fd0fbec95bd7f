import { ref } from '../../../graph/node';
import { axisOf } from '../../../graph/shape';
import type { GraphReader } from './graphReader';
import type { OnnxNode } from './onnxNode';

/** Ops that had their own broadcasting before opset 7, and the torch function of each. */
const BROADCASTING: Readonly<Record<string, string>> = {
  Add: 'torch.add',
  Sub: 'torch.sub',
  Mul: 'torch.mul',
  Div: 'torch.div',
  Pow: 'torch.pow',
};

/**
 * Before opset 7 the second operand's axes lie along those of the first from `axis` on: `[2, 3, 4] + [3]` with axis 1.
 * NumPy's way, which came after, aligns the last axes; where the two differ the operand gets axes behind it:
 *
 *     b            →   b → unsqueeze(-1) → …
 *
 * Takes such a node in. False for any other node, which means what it does in later opsets. Throws a FormatError
 * where the ranks are not known or do not fit.
 */
export function readOldBroadcast(reader: GraphReader, node: OnnxNode): boolean {
  if (reader.opset >= 7 || !node.attribute('broadcast') || !node.attribute('axis')) return false;
  const [a, b] = [node.input(0), node.input(1)];
  const [rank, width] = [reader.shapeOf(a)?.length, reader.shapeOf(b)?.length];
  if (rank === undefined || width === undefined)
    return node.fail('broadcasts along an axis of values whose number of axes is not known.');
  const asked = node.int('axis', 0);
  const axis = axisOf(asked, rank);
  const behind = rank - (axis ?? rank) - width;
  if (axis === null || behind < 0)
    return node.fail(`lays ${width} axes along those of '${a}' from axis ${asked} on, which has ${rank}.`);
  if (behind === 0) return false;
  const target = BROADCASTING[node.proto.opType];
  if (!target)
    return node.fail('broadcasts as ONNX did before operator set 7; convert it with onnx.version_converter.');
  let operand = reader.operand(b, node.title);
  for (let i = 0; i < behind; i++) operand = reader.step(node, 'torch.unsqueeze', [ref(operand), -1]);
  const first = ref(reader.operand(a, node.title));
  reader.result(node, target, [first, ref(operand)], reader.elementType(a));
  return true;
}
