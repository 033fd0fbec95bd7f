import type { GraphIndex } from '../graph/graph';
import type { Model } from '../graph/model';
import type { Node } from '../graph/node';
import type { OpCall } from '../graph/op';
import { resolveNode } from '../graph/resolve';
import { foldedNorm, NORM_OF } from './fuse/foldBatchNorm';
import { observationOf } from './observation';

/** A node and what it computes. */
export interface Meaning {
  readonly node: Node;
  readonly call: OpCall;
}

/**
 * The node behind an op that is quantized with it as one op, so that nothing is observed in between (PyTorch 1.13.1's
 * backend_config/_common_operator_config_utils.py, the patterns of several ops): null where the op stands alone.
 *
 * - A ReLU that alone reads `F.linear`, `F.conv2d` and its like, a Linear with a folded batch normalization, an addition
 *   or a product. `torch.relu` counts behind additions and products only, the method `relu` never.
 * - A second batch normalization behind a layer that took in one, and a ReLU behind that of a convolution.
 */
export function followerOf(model: Model, index: GraphIndex, { node, call }: Meaning): Node | null {
  const [user, ...others] = index.users(node.name);
  const next = user && others.length === 0 ? resolveNode(model, index, user) : null;
  if (!user || !next) return null;
  const isFollower =
    next.op === 'batch_norm' ? isSecondNorm(model, node, user) : next.op === 'relu' && takesRelu();
  return isFollower ? user : null;

  function takesRelu(): boolean {
    if (!user || !next || user.op === 'call_method') return false;
    if (call.op === 'add' || call.op === 'mul') return observationOf(call, node) !== 'float';
    if (observationOf(next, user) !== 'shared') return false;
    if (call.op === 'batch_norm') return leaderOf(model, index, { node, call })?.call.op === 'conv';
    // One that took in a ReLU takes no second one.
    const isLayer = (call.op === 'linear' || call.op === 'conv') && !call.attrs.relu;
    return isLayer && (call.attrs.functional || hasFolded(model, node));
  }
}

const hasFolded = (model: Model, node: Node): boolean =>
  node.op === 'call_module' && foldedNorm(model.modules[node.target], node.name) !== null;

function isSecondNorm(model: Model, layer: Node, norm: Node): boolean {
  if (layer.op !== 'call_module' || norm.op !== 'call_module' || !hasFolded(model, layer)) return false;
  return model.modules[norm.target]?.type === NORM_OF.get(model.modules[layer.target]?.type ?? '');
}

/** The op in front of this one that is quantized together with it; null where there is none. */
export function leaderOf(model: Model, index: GraphIndex, { node, call }: Meaning): Meaning | null {
  const [operand] = call.operands;
  if ((call.op !== 'relu' && call.op !== 'batch_norm') || operand?.kind !== 'node') return null;
  const before = index.get(operand.node);
  const meaning = resolveNode(model, index, before);
  const leader = meaning && { node: before, call: meaning };
  return leader && followerOf(model, index, leader)?.name === node.name ? leader : null;
}

/** All that are quantized as one op with this one, itself among them, from the first to the last. */
export function oneOp(model: Model, index: GraphIndex, meaning: Meaning): readonly Meaning[] {
  const before = leaderOf(model, index, meaning);
  if (before) return oneOp(model, index, before);
  const parts = [meaning];
  for (let next = followerOf(model, index, meaning); next; ) {
    const call = resolveNode(model, index, next);
    if (!call) break;
    parts.push({ node: next, call });
    next = followerOf(model, index, { node: next, call });
  }
  return parts;
}
