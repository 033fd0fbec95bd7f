import type { Attribute } from '../../graph/model';
import { ref } from '../../graph/node';
import type { Value } from './graphBuilder';
import { channelsLastOnly, inputOf, type LayerCall, type LayerRule, spatialOf } from './layerCall';
import { paddingAttribute, paddingMode, windowSizes } from './windows';

type Dims = 1 | 2 | 3;

/** 'same' averages leave the padding out, as TensorFlow does. */
const pool =
  (kind: 'Max' | 'Avg', dims: Dims): LayerRule =>
  (call) => {
    channelsLastOnly(call);
    const { config, builder, module } = call;
    const input = inputOf(call);
    const value = builder.channelsFirst(input);
    const kernelSize = config.numbers('pool_size', dims, 2);
    const isStated = (config.value('strides') ?? null) !== null;
    const stride = isStated ? config.numbers('strides', dims) : kernelSize;
    const window = { kernelSize, stride, dilation: kernelSize.map(() => 1) };
    const mode = paddingMode(config);
    const attrs: Record<string, Attribute> = {
      kernel_size: kernelSize,
      stride,
      padding: paddingAttribute(mode, window, spatialOf(input)),
      ...(kind === 'Avg' && { count_include_pad: false }),
    };
    const node = builder.module(module, `torch.nn.${kind}Pool${dims}d`, attrs, {}, value.node);
    const sizes = windowSizes(mode, window, spatialOf(input));
    return { node, shape: [input.shape[0] ?? 'n', ...sizes, input.shape.at(-1) ?? 1], channelsFirst: true };
  };

const spatialAxes = (dims: Dims): readonly number[] => Array.from({ length: dims }, (_, i) => i + 2);

/** What is left of the axes between batch and channels. */
function pooledShape({ config }: LayerCall, input: Value, node: Value['node'], dims: Dims): Value {
  const [batch = 'n'] = input.shape;
  const channels = input.shape.at(-1) ?? 1;
  const keeps = config.flag('keepdims', false);
  const ones = new Array<number>(dims).fill(1);
  return { node, shape: keeps ? [batch, ...ones, channels] : [batch, channels], channelsFirst: keeps };
}

const globalAverage =
  (dims: Dims): LayerRule =>
  (call) => {
    channelsLastOnly(call);
    const input = inputOf(call);
    const value = call.builder.channelsFirst(input);
    const args = [ref(value.node), spatialAxes(dims)];
    const keepdim = call.config.flag('keepdims', false);
    const node = call.builder.call('torch.mean', args, call.module, keepdim ? { keepdim } : {});
    return pooledShape(call, input, node, dims);
  };

const globalMax =
  (dims: Dims): LayerRule =>
  (call) => {
    channelsLastOnly(call);
    const { builder, module } = call;
    const input = inputOf(call);
    const value = builder.channelsFirst(input);
    const type = `torch.nn.AdaptiveMaxPool${dims}d`;
    const ones = new Array<number>(dims).fill(1);
    const node = builder.module(module, type, { output_size: ones }, {}, value.node);
    if (call.config.flag('keepdims', false)) return pooledShape(call, input, node, dims);
    return pooledShape(call, input, builder.call('torch.flatten', [ref(node), 1], `${module}_flatten`), dims);
  };

const DIMS: readonly Dims[] = [1, 2, 3];

export const POOL_LAYERS: Readonly<Record<string, LayerRule>> = Object.fromEntries(
  DIMS.flatMap((dims): [string, LayerRule][] => [
    [`MaxPooling${dims}D`, pool('Max', dims)],
    [`AveragePooling${dims}D`, pool('Avg', dims)],
    [`GlobalAveragePooling${dims}D`, globalAverage(dims)],
    [`GlobalMaxPooling${dims}D`, globalMax(dims)],
  ]),
);
