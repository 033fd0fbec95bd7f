import { MAX_RANK } from '../../arraySize';
import type { OnnxNode } from '../reader/onnxNode';

/**
 * An axis counted from the first, of a tensor whose number of axes need not be known. One that no tensor has is refused: an
 * index of the axis has an entry for each axis before it.
 */
export function leadingAxis(node: OnnxNode, axis: number): number {
  if (axis >= MAX_RANK) node.fail(`has axis ${axis}; a tensor has at most ${MAX_RANK} axes.`);
  return axis;
}
