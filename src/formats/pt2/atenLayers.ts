import { convolution, transposedOf } from './atenConv';
import { addmm, linear, mm } from './atenLinear';
import { asModule, shapeOfParam } from './atenModule';
import { batchNorm, groupNorm, layerNorm } from './atenNorms';
import type { AtenRule, AtenTable } from './atenRule';

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
  'conv_transpose1d.default': transposedOf,
  'conv_transpose2d.input': transposedOf,
  'conv_transpose3d.input': transposedOf,
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
