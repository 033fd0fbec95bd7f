import { ref } from '../../graph/node';
import { floatTensor, type Tensor } from '../../graph/tensor';
import { activate } from './activations';
import { channelsOf, inputOf, type LayerCall, type LayerRule, mapped, shaped, weightOf } from './layerCall';
import { transposed } from './transpose';

/** `y = x W + b` over the last axis; Keras's kernel is `[in, out]`. */
const dense: LayerRule = (call) => {
  const { builder, config, module } = call;
  const value = builder.channelsLast(inputOf(call));
  const weight = transposed(weightOf(call, 'kernel', 2), [1, 0]);
  const bias = config.flag('use_bias', true) ? weightOf(call, 'bias') : null;
  const [outFeatures = 1, inFeatures = 1] = weight.shape;
  const attrs = { in_features: inFeatures, out_features: outFeatures, bias: bias !== null };
  const node = builder.module(
    module,
    'torch.nn.Linear',
    attrs,
    { weight, ...(bias && { bias }) },
    value.node,
  );
  const out = shaped(value, node, [...value.shape.slice(0, -1), outFeatures]);
  return activate(call, out, config.activation());
};

/** Of a layer that stores none of them: a size that is stated only, not shown by a tensor of the file. */
const MAX_FILLED = 2 ** 20;

function filled({ config }: LayerCall, size: number, value: number): Tensor {
  if (!(size >= 0 && size <= MAX_FILLED))
    return config.fail(`normalizes ${size} channels without gamma or beta; at most ${MAX_FILLED} can be`);
  return floatTensor([size], new Float32Array(size).fill(value));
}

/** Keras stores no gamma or beta where there is none; PyTorch's module has both or neither. */
function affine(call: LayerCall, size: number): { readonly weight: Tensor; readonly bias: Tensor } {
  const { config } = call;
  return {
    weight: config.flag('scale', true) ? weightOf(call, 'gamma') : filled(call, size, 1),
    bias: config.flag('center', true) ? weightOf(call, 'beta') : filled(call, size, 0),
  };
}

/** The axis or axes of a normalization, from 0; the last one where none is stated. */
function axesOf({ config }: LayerCall, rank: number): readonly number[] {
  const axes = (config.value('axis') ?? null) === null ? [-1] : config.list('axis');
  return axes.map((axis) => (axis < 0 ? axis + rank : axis));
}

const batchNorm: LayerRule = (call) => {
  const { builder, config, module } = call;
  const input = inputOf(call);
  const rank = input.shape.length;
  const axes = axesOf(call, rank);
  if (axes.length !== 1 || axes[0] !== rank - 1)
    return config.fail(`normalizes axis [${axes.join(', ')}]; the studio reads the last one, the channels`);
  const value = builder.channelsFirst(input);
  const channels = channelsOf(call, input);
  const tensors = {
    ...affine(call, channels),
    running_mean: weightOf(call, 'moving_mean'),
    running_var: weightOf(call, 'moving_variance'),
  };
  const type = `torch.nn.BatchNorm${Math.max(1, rank - 2)}d`;
  const attrs = { num_features: channels, eps: config.number('epsilon', 1e-3), affine: true };
  return { ...value, node: builder.module(module, type, attrs, tensors, value.node) };
};

const layerNorm: LayerRule = (call) => {
  const { builder, config, module } = call;
  const value = builder.channelsLast(inputOf(call));
  const rank = value.shape.length;
  const axes = axesOf(call, rank);
  if (axes.some((axis, i) => axis !== rank - axes.length + i))
    return config.fail(`normalizes axes [${axes.join(', ')}]; the studio reads the last ones in their order`);
  const sizes = axes.map((axis) => value.shape[axis]).filter((size) => typeof size === 'number');
  if (sizes.length < axes.length) return config.fail('normalizes an axis of open size');
  const count = sizes.reduce((product, size) => product * size, 1);
  const { weight, bias } = affine(call, count);
  const shape = (tensor: Tensor) => ({ ...tensor, shape: sizes });
  const attrs = { normalized_shape: sizes, eps: config.number('epsilon', 1e-3), elementwise_affine: true };
  const tensors = { weight: shape(weight), bias: shape(bias) };
  return { ...value, node: builder.module(module, 'torch.nn.LayerNorm', attrs, tensors, value.node) };
};

const embedding: LayerRule = (call) => {
  const { builder, config, module } = call;
  const value = builder.channelsLast(inputOf(call));
  const weight = weightOf(call, 'embeddings');
  const [count = 1, width = 1] = weight.shape;
  if (config.flag('mask_zero', false))
    call.note(
      `Layer '${config.name}' masks index 0 for layers behind it; none that the studio reads minds masks.`,
    );
  const attrs = { num_embeddings: count, embedding_dim: width };
  const node = builder.module(module, 'torch.nn.Embedding', attrs, { weight }, value.node);
  return shaped(value, node, [...value.shape, width]);
};

/** `x · scale + offset`. */
const rescaling: LayerRule = (call) => {
  const scaled = mapped(call, inputOf(call), 'torch.mul', [call.config.number('scale')]);
  const offset = call.config.number('offset', 0);
  return offset === 0 ? scaled : mapped(call, scaled, 'torch.add', [offset]);
};

/** `(x − mean) / max(√variance, ε)` per channel, of statistics in the config or in the file (Keras, `Normalization`). */
const normalization: LayerRule = (call) => {
  const { builder, config, module } = call;
  config.only('invert', false);
  const value = builder.channelsLast(inputOf(call));
  const channels = channelsOf(call, value);
  const statistic = (name: string): Tensor => {
    if ((config.value(name) ?? null) === null) return weightOf(call, name);
    const given = config.value(name);
    const list = Array.isArray(given) ? given.flat(8) : [given];
    if (!list.every((item) => typeof item === 'number')) return config.fail(`has no numbers '${name}'`);
    return floatTensor([list.length], Float32Array.from(list));
  };
  const flat = (tensor: Tensor): Tensor =>
    tensor.data.length === channels || tensor.data.length === 1
      ? { ...tensor, shape: [tensor.data.length] }
      : config.fail(`has statistics of shape [${tensor.shape.join(', ')}]; the studio reads one a channel`);
  const deviation = flat(statistic('variance'));
  // Keras's backend epsilon.
  const divisor = floatTensor(
    deviation.shape,
    Float32Array.from(deviation.data, (v) => Math.max(Math.sqrt(v), 1e-7)),
  );
  const mean = builder.constant(`${module}.mean`, flat(statistic('mean')));
  const centred = mapped(call, value, 'torch.sub', [ref(mean)]);
  return mapped(call, centred, 'torch.div', [ref(builder.constant(`${module}.deviation`, divisor))]);
};

export const DENSE_LAYERS: Readonly<Record<string, LayerRule>> = {
  Dense: dense,
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  Embedding: embedding,
  Rescaling: rescaling,
  Normalization: normalization,
};
