import type { ParamName } from '../../graph/ids';
import type { Attribute } from '../../graph/model';
import { batchNormType, convType, type Dims, LINEAR } from '../../graph/moduleTypes';
import type { Argument, NodeRef } from '../../graph/node';
import type { AtenCall } from './atenCall';
import type { AtenRule, AtenTable } from './atenRule';

/*
 * Layers: where their tensors stand under one path of the state dict, they become a module of that path, so that names
 * are the user's own and what is exported loads back; otherwise the function with the tensors as arguments.
 */

/** The module path of a layer with these tensors: `fc1` of `fc1.weight` and `fc1.bias`. Null where they are not one module's. */
function modulePath(tensors: Readonly<Record<string, ParamName | null>>): string | null {
  const paths = Object.entries(tensors).flatMap(([name, param]) => {
    if (param === null) return [];
    return [param.endsWith(`.${name}`) ? param.slice(0, -name.length - 1) : null];
  });
  const [path = null] = paths;
  return paths.every((other) => other === path) ? path : null;
}

interface Layer {
  readonly type: string;
  readonly attrs: Readonly<Record<string, Attribute>>;
  readonly tensors: Readonly<Record<string, ParamName | null>>;
  readonly input: Argument;
}

function asModule(call: AtenCall, { type, attrs, tensors, input }: Layer): NodeRef | null {
  const path = modulePath(tensors);
  return path === null ? null : call.builder.callModule(path, type, attrs, input);
}

const shapeOfParam = (call: AtenCall, param: ParamName): readonly number[] =>
  call.builder.params[param]?.shape ?? [];

/** True when an argument is absent or a tensor of the model, which a module can hold. */
const isHeld = (call: AtenCall, name: string): boolean =>
  call.tensorName(name) === null || call.param(name) !== null;

function linearLayer(call: AtenCall, input: string, weight: ParamName | null, bias: string): NodeRef | null {
  if (weight === null || !isHeld(call, bias)) return null;
  const [outFeatures, inFeatures, ...more] = shapeOfParam(call, weight);
  if (outFeatures === undefined || inFeatures === undefined || more.length > 0) return null;
  const tensors = { weight, bias: call.param(bias) };
  const attrs = { in_features: inFeatures, out_features: outFeatures, bias: tensors.bias !== null };
  return asModule(call, { type: LINEAR, attrs, tensors, input: call.operand(input) });
}

const linear: AtenRule = (call) =>
  linearLayer(call, 'input', call.param('weight'), 'bias') ??
  call.call('torch.nn.functional.linear', [
    call.operand('input'),
    call.operand('weight'),
    call.argument('bias') ?? null,
  ]);

/** `bias + x · Wᵀ`, as a Linear is written out: the weight comes transposed. */
const addmm: AtenRule = (call) => {
  call.only('beta', 1);
  call.only('alpha', 1);
  const weight = call.param('mat2', true);
  const layer = linearLayer(call, 'mat1', weight, 'self');
  if (layer) return layer;
  const [input, bias] = [call.operand('mat1'), call.operand('self')];
  if (weight !== null && call.param('self') !== null)
    return call.call('torch.nn.functional.linear', [input, call.builder.getAttr(weight), bias]);
  return call.call('torch.add', [call.step('mm', 'torch.matmul', [input, call.operand('mat2')]), bias]);
};

/** A product of matrices; with a transposed weight, a Linear without bias. */
const mm: AtenRule = (call) => {
  const weight = call.param('mat2', true);
  const layer = linearLayer(call, 'self', weight, 'bias');
  if (layer) return layer;
  if (weight !== null)
    return call.call('torch.nn.functional.linear', [call.operand('self'), call.builder.getAttr(weight)]);
  return call.call('torch.matmul', [call.operand('self'), call.operand('mat2')]);
};

const isDims = (value: number): value is Dims => value === 1 || value === 2 || value === 3;

/** One number for all dimensions is spread over them. */
const spread = (list: readonly number[], dims: Dims): readonly number[] =>
  list.length === 1 && list[0] !== undefined ? new Array<number>(dims).fill(list[0]) : list;

const convolution: AtenRule = (call) => {
  const transposed = call.flag('transposed', false);
  const outputPadding = call.numbers('output_padding', [0]);
  const rank = call.rankOf('weight');
  const dims = rank - 2;
  if (!isDims(dims)) return call.fail(`has a weight of ${rank} axes; 3 to 5 are supported`);
  const padding = call.value('padding');
  const window = {
    stride: spread(call.numbers('stride', [1]), dims),
    padding: typeof padding === 'string' ? padding : spread(call.numbers('padding', [0]), dims),
    dilation: spread(call.numbers('dilation', [1]), dims),
    groups: call.number('groups', 1),
  };
  if (transposed)
    return transposedConvolution(call, dims, { ...window, output_padding: spread(outputPadding, dims) });
  const weight = call.param('weight');
  const [out = 0, perGroup = 0, ...kernel] = weight === null ? [] : shapeOfParam(call, weight);
  const tensors = { weight, bias: call.param('bias') };
  const attrs = {
    in_channels: perGroup * window.groups,
    out_channels: out,
    kernel_size: kernel,
    ...window,
    bias: tensors.bias !== null,
    padding_mode: 'zeros',
  };
  const input = call.operand('input');
  const layer =
    weight !== null && isHeld(call, 'bias')
      ? asModule(call, { type: convType(dims), attrs, tensors, input })
      : null;
  return (
    layer ??
    call.call(`torch.nn.functional.conv${dims}d`, [
      input,
      call.operand('weight'),
      call.argument('bias') ?? null,
      window.stride,
      window.padding,
      window.dilation,
      window.groups,
    ])
  );
};

function transposedConvolution(
  call: AtenCall,
  dims: Dims,
  window: Readonly<Record<string, Attribute>>,
): NodeRef {
  const weight = call.param('weight');
  const [inChannels = 0, perGroup = 0, ...kernel] = weight === null ? [] : shapeOfParam(call, weight);
  const tensors = { weight, bias: call.param('bias') };
  const groups = Number(window.groups);
  const attrs = {
    in_channels: inChannels,
    out_channels: perGroup * groups,
    kernel_size: kernel,
    ...window,
    bias: tensors.bias !== null,
    padding_mode: 'zeros',
  };
  const input = call.operand('input');
  const layer =
    weight !== null
      ? asModule(call, { type: `torch.nn.ConvTranspose${dims}d`, attrs, tensors, input })
      : null;
  const { stride = 1, padding = 0, output_padding: outputPadding = 0, dilation = 1 } = window;
  return (
    layer ??
    call.call(`torch.nn.functional.conv_transpose${dims}d`, [
      input,
      call.operand('weight'),
      call.argument('bias') ?? null,
      stride,
      padding,
      outputPadding,
      groups,
      dilation,
    ])
  );
}

/** In evaluation mode: `training`, where the op has it, must be False. */
const batchNorm: AtenRule = (call) => {
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

const layerNorm: AtenRule = (call) => {
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

const groupNorm =
  (groups: string): AtenRule =>
  (call) => {
    call.ignore('cudnn_enabled', 'N', 'C', 'HxW');
    const [weight = null, bias = null] = [call.argument('weight'), call.argument('bias')];
    const args = [call.operand('input'), call.number(groups), weight, bias, call.number('eps', 1e-5)];
    return call.call('torch.nn.functional.group_norm', args);
  };

const embedding: AtenRule = (call) => {
  call.ignore('padding_idx', 'scale_grad_by_freq', 'sparse');
  const weight = call.param('weight');
  const [count = 0, width = 0] = weight === null ? [] : shapeOfParam(call, weight);
  const input = call.operand('indices');
  const attrs = { num_embeddings: count, embedding_dim: width };
  const layer =
    weight !== null
      ? asModule(call, { type: 'torch.nn.Embedding', attrs, tensors: { weight }, input })
      : null;
  return layer ?? call.call('torch.nn.functional.embedding', [input, call.operand('weight')]);
};

const prelu: AtenRule = (call) => {
  const weight = call.param('weight');
  const input = call.operand('self');
  const attrs = { num_parameters: weight === null ? 1 : (shapeOfParam(call, weight)[0] ?? 1) };
  const layer =
    weight !== null ? asModule(call, { type: 'torch.nn.PReLU', attrs, tensors: { weight }, input }) : null;
  return layer ?? call.call('torch.nn.functional.prelu', [input, call.operand('weight')]);
};

/** Ops with weights. */
export const ATEN_LAYERS: AtenTable = {
  'linear.default': linear,
  'addmm.default': addmm,
  'mm.default': mm,
  'convolution.default': convolution,
  'conv1d.default': convolution,
  'conv2d.default': convolution,
  'conv3d.default': convolution,
  'conv1d.padding': convolution,
  'conv2d.padding': convolution,
  'conv3d.padding': convolution,
  'conv_transpose1d.default': (call) => convolutionOf(call),
  'conv_transpose2d.input': (call) => convolutionOf(call),
  'conv_transpose3d.input': (call) => convolutionOf(call),
  'batch_norm.default': batchNorm,
  'native_batch_norm.default': batchNorm,
  '_native_batch_norm_legit_no_training.default': batchNorm,
  '_native_batch_norm_legit.default': batchNorm,
  '_native_batch_norm_legit.no_stats': batchNorm,
  'layer_norm.default': layerNorm,
  'native_layer_norm.default': layerNorm,
  'group_norm.default': groupNorm('num_groups'),
  'native_group_norm.default': groupNorm('group'),
  'embedding.default': embedding,
  'prelu.default': prelu,
  '_prelu_kernel.default': prelu,
};

/** `conv_transpose2d(input, weight, bias, stride, padding, output_padding, groups, dilation)`. */
function convolutionOf(call: AtenCall): NodeRef {
  const dims = call.rankOf('weight') - 2;
  if (!isDims(dims)) return call.fail(`has a weight of ${dims + 2} axes; 3 to 5 are supported`);
  return transposedConvolution(call, dims, {
    stride: spread(call.numbers('stride', [1]), dims),
    padding: spread(call.numbers('padding', [0]), dims),
    output_padding: spread(call.numbers('output_padding', [0]), dims),
    dilation: spread(call.numbers('dilation', [1]), dims),
    groups: call.number('groups', 1),
  });
}
