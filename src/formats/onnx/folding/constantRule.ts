import type { OnnxNode } from '../reader/onnxNode';
import type { HostArray } from './hostArray';

/** The outputs of a node on constants; null where the rule does not cover its case and the node is left to run. */
export type ConstantRule = (
  node: OnnxNode,
  inputs: readonly (HostArray | null)[],
  opset: number,
) => readonly HostArray[] | null;
