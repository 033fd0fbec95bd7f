import { batchNormType } from '../../graph/moduleTypes';
import { asModule, isDims, isHeld, shapeOfParam } from './atenModule';
import type { AtenRule } from './atenRule';

/* Normalizations. */

/** In evaluation mode: `training`, where the op has it, must be False. */
export const batchNorm: AtenRule = (call) => {
  call.ignore('momentum', 'cudnn_enabled');
  call.only('training', false);
  const rank = call.rankOf('input');
  const tensors = {
    weight: call.param('weight'),
    bias: call.param('bias'),
    running_mean: call.param('running_mean'),
    running_var: call.param('running_var'),
  };
  const { running_mean: mean, running_var: variance } = tensors;
  if (mean === null || variance === null)
    return call.fail(
      'normalizes by the batch at hand; export the model with trained statistics, in eval mode',
    );
  const affine = tensors.weight !== null;
  const eps = call.number('eps');
  const dims = rank === 2 || rank === 3 ? 1 : rank - 2;
  const attrs = {
    num_features: shapeOfParam(call, mean)[0] ?? 0,
    eps,
    momentum: 0.1,
    affine,
    track_running_stats: true,
  };
  const input = call.operand('input');
  const layer =
    isDims(dims) && isHeld(call, 'weight') && affine === (tensors.bias !== null)
      ? asModule(call, { type: batchNormType(dims), attrs, tensors, input })
      : null;
  const args = ['running_mean', 'running_var', 'weight', 'bias'].map((name) => call.argument(name) ?? null);
  return layer ?? call.call('torch.nn.functional.batch_norm', [input, ...args], { training: false, eps });
};

export const layerNorm: AtenRule = (call) => {
  call.ignore('cudnn_enable');
  const tensors = { weight: call.param('weight'), bias: call.param('bias') };
  const shape = call.numbers('normalized_shape');
  const eps = call.number('eps', 1e-5);
  const input = call.operand('input');
  const affine = tensors.weight !== null;
  // A module has both tensors or none in PyTorch 1.13; later versions know `bias=False`.
  const attrs = {
    normalized_shape: shape,
    eps,
    elementwise_affine: affine,
    ...(affine && tensors.bias === null ? { bias: false } : {}),
  };
  const isModule = affine && isHeld(call, 'bias');
  const layer = isModule ? asModule(call, { type: 'torch.nn.LayerNorm', attrs, tensors, input }) : null;
  const [weight = null, bias = null] = [call.argument('weight'), call.argument('bias')];
  return layer ?? call.call('torch.nn.functional.layer_norm', [input, shape, weight, bias, eps]);
};

export const groupNorm =
  (groups: string): AtenRule =>
  (call) => {
    call.ignore('cudnn_enabled', 'N', 'C', 'HxW');
    const [weight = null, bias = null] = [call.argument('weight'), call.argument('bias')];
    const args = [call.operand('input'), call.number(groups), weight, bias, call.number('eps', 1e-5)];
    return call.call('torch.nn.functional.group_norm', args);
  };
