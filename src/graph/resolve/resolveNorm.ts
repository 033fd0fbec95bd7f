import type { GraphIndex } from '../graph';
import type { Model } from '../model';
import type { OpCall } from '../op';
import { sizeOf } from '../tensor';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';

/* Functions with tensors of the model among their arguments, but for Linear and convolutions. */

export function layerNorm(node: Call, model: Model, index: GraphIndex): OpCall {
  const names = ['input', 'normalized_shape', 'weight', 'bias', 'eps', 'cudnn_enable'];
  const args = new CallArguments(node, node.target === 'torch.layer_norm' ? names : names.slice(0, 5));
  return {
    op: 'layer_norm',
    operands: [args.operand('input')],
    attrs: {
      weight: args.constant('weight', model, index),
      bias: args.constant('bias', model, index),
      normalizedShape: args.integers('normalized_shape') ?? args.fail("needs a 'normalized_shape'"),
      eps: args.number('eps', 1e-5),
    },
  };
}

/** `F.embedding(input, weight)`; `torch.embedding(weight, input)` has them the other way round. */
export function embedding(node: Call, model: Model, index: GraphIndex): OpCall {
  const tail = ['scale_grad_by_freq', 'sparse'];
  const names =
    node.target === 'torch.embedding'
      ? ['weight', 'input', 'padding_idx', ...tail]
      : ['input', 'weight', 'padding_idx', 'max_norm', 'norm_type', ...tail];
  const args = new CallArguments(node, names);
  if (names.includes('max_norm')) args.only('max_norm', null);
  const weight = args.constant('weight', model, index) ?? args.fail("needs a 'weight'");
  const [count, width, ...more] = model.params[weight]?.shape ?? [];
  if (count === undefined || width === undefined || more.length > 0)
    return args.fail(
      `needs a 2-D weight; '${weight}' has shape [${model.params[weight]?.shape.join(', ') ?? ''}]`,
    );
  return { op: 'embedding', operands: [args.operand('input')], attrs: { weight, count, width } };
}

/** `F.batch_norm(x, running_mean, running_var, weight, bias, training=False)`. */
export function batchNorm(node: Call, model: Model, index: GraphIndex): OpCall {
  const names =
    node.target === 'torch.batch_norm'
      ? [
          'input',
          'weight',
          'bias',
          'running_mean',
          'running_var',
          'training',
          'momentum',
          'eps',
          'cudnn_enabled',
        ]
      : ['input', 'running_mean', 'running_var', 'weight', 'bias', 'training', 'momentum', 'eps'];
  const args = new CallArguments(node, names);
  args.only('training', false);
  const mean = args.constant('running_mean', model, index) ?? args.fail("needs a 'running_mean'");
  const variance = args.constant('running_var', model, index) ?? args.fail("needs a 'running_var'");
  return {
    op: 'batch_norm',
    operands: [args.operand('input')],
    attrs: {
      weight: args.constant('weight', model, index),
      bias: args.constant('bias', model, index),
      mean,
      variance,
      features: sizeOf(model.params[mean]?.shape ?? [0]),
      eps: args.number('eps', 1e-5),
      dims: null,
      relu: false,
    },
  };
}

/** `F.group_norm(x, num_groups, weight, bias)`; the weight says how many channels there are. */
export function groupNorm(node: Call, model: Model, index: GraphIndex): OpCall {
  const names = ['input', 'num_groups', 'weight', 'bias', 'eps', 'cudnn_enabled'];
  const args = new CallArguments(node, node.target === 'torch.group_norm' ? names : names.slice(0, 5));
  const weight = args.constant('weight', model, index);
  const groups = args.number('num_groups');
  const given = weight ?? args.constant('bias', model, index);
  const features = given === null ? null : (model.params[given]?.data.length ?? 0);
  const bias = args.constant('bias', model, index);
  const attrs = { weight, bias, groups, features, eps: args.number('eps', 1e-5) };
  checkGroups(attrs, (problem) => args.fail(`is not possible: ${problem}`));
  return { op: 'group_norm', operands: [args.operand('input')], attrs };
}

export function checkGroups(
  { groups, features }: { readonly groups: number; readonly features: number | null },
  fail: (problem: string) => never,
): void {
  if (!Number.isInteger(groups) || groups < 1 || (features ?? 0) % groups !== 0)
    fail(`${groups} groups do not divide ${features ?? 'the'} channels`);
}

/** `F.instance_norm(x, running_mean, running_var, weight, bias)` by the sample's own statistics. */
export function instanceNorm(node: Call, model: Model, index: GraphIndex): OpCall {
  const functional = ['input', 'running_mean', 'running_var', 'weight', 'bias', 'use_input_stats'];
  const torch = ['input', 'weight', 'bias', 'running_mean', 'running_var', 'use_input_stats'];
  const isTorch = node.target === 'torch.instance_norm';
  const args = new CallArguments(node, [
    ...(isTorch ? torch : functional),
    ...['momentum', 'eps'],
    ...(isTorch ? ['cudnn_enabled'] : []),
  ]);
  args.only('use_input_stats', true);
  const weight = args.constant('weight', model, index);
  const features = weight === null ? null : (model.params[weight]?.data.length ?? 0);
  const bias = args.constant('bias', model, index);
  return {
    op: 'instance_norm',
    operands: [args.operand('input')],
    attrs: { weight, bias, features, eps: args.number('eps', 1e-5) },
  };
}

export function prelu(node: Call, model: Model, index: GraphIndex): OpCall {
  const args = new CallArguments(node, ['input', 'weight']);
  const weight = args.constant('weight', model, index) ?? args.fail("needs a 'weight'");
  return { op: 'prelu', operands: [args.operand('input')], attrs: { weight } };
}
