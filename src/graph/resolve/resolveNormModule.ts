import { paramOf } from '../ids';
import type { Dims } from '../moduleTypes';
import type { OpCall } from '../op';
import { flagAttr, integersAttr, type ModuleCall, numberAttr, refuse, tensorAttr } from './moduleAttributes';
import { checkGroups } from './resolveNorm';

/* Modules with tensors of their own that are no products, and GELU. */

export const gelu = (call: ModuleCall): OpCall => {
  const approximate = call.spec.attrs.approximate ?? 'none';
  if (approximate !== 'none' && approximate !== 'tanh')
    return refuse(call, `approximate must be 'none' or 'tanh', got ${JSON.stringify(approximate)}`);
  return { op: 'gelu', operands: call.operands, attrs: { approximate } };
};

export const layerNorm = (call: ModuleCall): OpCall => {
  const affine = flagAttr(call, 'elementwise_affine', true);
  return {
    op: 'layer_norm',
    operands: call.operands,
    attrs: {
      weight: tensorAttr(call, 'weight', affine),
      bias: tensorAttr(call, 'bias', affine && flagAttr(call, 'bias', true)),
      normalizedShape: integersAttr(call, 'normalized_shape'),
      eps: numberAttr(call, 'eps', 1e-5),
    },
  };
};

export const groupNorm = (call: ModuleCall): OpCall => {
  const affine = flagAttr(call, 'affine', true);
  const attrs = {
    weight: tensorAttr(call, 'weight', affine),
    bias: tensorAttr(call, 'bias', affine),
    groups: numberAttr(call, 'num_groups'),
    features: numberAttr(call, 'num_channels'),
    eps: numberAttr(call, 'eps', 1e-5),
  };
  checkGroups(attrs, (problem) => refuse(call, problem));
  return { op: 'group_norm', operands: call.operands, attrs };
};

/** By the statistics of the sample at hand; those of training, which it can keep instead, are a batch normalization's. */
export const instanceNorm = (call: ModuleCall): OpCall => {
  if (flagAttr(call, 'track_running_stats', false))
    return refuse(
      call,
      'track_running_stats=True normalizes by the statistics of training, which is not supported',
    );
  const affine = flagAttr(call, 'affine', false);
  const attrs = {
    weight: tensorAttr(call, 'weight', affine),
    bias: tensorAttr(call, 'bias', affine),
    features: numberAttr(call, 'num_features'),
    eps: numberAttr(call, 'eps', 1e-5),
  };
  return { op: 'instance_norm', operands: call.operands, attrs };
};

export const embedding = (call: ModuleCall): OpCall => {
  if ((call.spec.attrs.max_norm ?? null) !== null)
    return refuse(call, 'max_norm, which rescales rows at run time, is not supported');
  const attrs = {
    weight: paramOf(call.target, 'weight'),
    count: numberAttr(call, 'num_embeddings'),
    width: numberAttr(call, 'embedding_dim'),
  };
  return { op: 'embedding', operands: call.operands, attrs };
};

/** In evaluation mode, where it applies the statistics that training left in its buffers. */
export const batchNorm =
  (dims: Dims, relu: boolean) =>
  (call: ModuleCall): OpCall => {
    if (!flagAttr(call, 'track_running_stats', true))
      return refuse(
        call,
        'track_running_stats=False normalizes by the batch at hand, which is not supported',
      );
    const affine = flagAttr(call, 'affine', true);
    return {
      op: 'batch_norm',
      operands: call.operands,
      attrs: {
        weight: tensorAttr(call, 'weight', affine),
        bias: tensorAttr(call, 'bias', affine),
        mean: paramOf(call.target, 'running_mean'),
        variance: paramOf(call.target, 'running_var'),
        features: numberAttr(call, 'num_features'),
        eps: numberAttr(call, 'eps', 1e-5),
        dims,
        relu,
      },
    };
  };
