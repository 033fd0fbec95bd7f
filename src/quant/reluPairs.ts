import type { GraphIndex } from '../graph/graph';
import type { Model } from '../graph/model';
import type { Node } from '../graph/node';
import type { OpCall } from '../graph/op';
import { resolveNode } from '../graph/resolve';
import { foldedNorm } from './foldBatchNorm';
import { observationOf } from './observation';

/** A node and what it computes. */
export interface Meaning {
  readonly node: Node;
  readonly call: OpCall;
}

/**
 * Whether an op is quantized with the ReLU behind it as one op, so that the observer stands after the ReLU: `F.linear`,
 * `F.conv2d` and its like, a Linear with a folded batch normalization, an addition or a product that a ReLU alone
 * reads. `torch.relu` counts behind additions and products only, the method `relu` never (PyTorch 1.13.1's
 * backend_config/_common_operator_config_utils.py, the patterns with ReLU).
 */
export function isOneWithRelu(model: Model, index: GraphIndex, { node, call }: Meaning): boolean {
  const [user, ...others] = index.users(node.name);
  const next = user && others.length === 0 ? resolveNode(model, index, user) : null;
  if (!user || next?.op !== 'relu' || user.op === 'call_method') return false;
  if (call.op === 'linear' || call.op === 'conv') {
    const isFolded = node.op === 'call_module' && foldedNorm(model.modules[node.target], node.name) !== null;
    return (call.attrs.functional || isFolded) && observationOf(next, user) === 'shared';
  }
  return (call.op === 'add' || call.op === 'mul') && observationOf(call, node) !== 'float';
}

/** For a ReLU, the op that is quantized together with it. */
export function pairedWithRelu(model: Model, index: GraphIndex, relu: OpCall): Meaning | null {
  const [operand] = relu.operands;
  if (relu.op !== 'relu' || operand?.kind !== 'node') return null;
  const node = index.get(operand.node);
  const call = resolveNode(model, index, node);
  return call && isOneWithRelu(model, index, { node, call }) ? { node, call } : null;
}
