import type { Attribute } from '../../graph/model';
import { ref } from '../../graph/node';
import { type Dim, UNKNOWN_DIM } from '../../graph/shape';
import type { Tensor } from '../../graph/tensor';
import { activate } from './activations';
import type { Value } from './graphBuilder';
import {
  channelsLastOnly,
  channelsOf,
  inputOf,
  type LayerCall,
  type LayerRule,
  spatialOf,
  weightOf,
} from './layerCall';
import { convKernel, reshaped, transposed } from './transpose';
import { type PaddingMode, paddingAttribute, paddingMode, type Window, windowSizes } from './windows';

type Dims = 1 | 2 | 3;

const windowOf = ({ config }: LayerCall, kernelSize: readonly number[], dims: Dims): Window => ({
  kernelSize,
  stride: config.numbers('strides', dims, 1),
  dilation: config.numbers('dilation_rate', dims, 1),
});

interface Convolution {
  readonly module: string;
  readonly dims: Dims;
  readonly window: Window;
  readonly padding: PaddingMode;
  /** `[out, in / groups, …]`. */
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly groups: number;
}

/** A convolution module behind a value, which is turned to channels first. */
function convolve(call: LayerCall, input: Value, conv: Convolution): Value {
  const { window, weight, bias, groups, dims } = conv;
  const value = call.builder.channelsFirst(input);
  const outChannels = weight.shape[0] ?? 1;
  const attrs: Record<string, Attribute> = {
    in_channels: (weight.shape[1] ?? 1) * groups,
    out_channels: outChannels,
    kernel_size: window.kernelSize,
    stride: window.stride,
    padding: paddingAttribute(conv.padding, window, spatialOf(input)),
    dilation: window.dilation,
    groups,
    bias: bias !== null,
  };
  const tensors = { weight, ...(bias && { bias }) };
  const node = call.builder.module(conv.module, `torch.nn.Conv${dims}d`, attrs, tensors, value.node);
  const sizes = windowSizes(conv.padding, window, spatialOf(input));
  return { node, shape: [input.shape[0] ?? 'n', ...sizes, outChannels], channelsFirst: true };
}

const biasOf = (call: LayerCall): Tensor | null =>
  call.config.flag('use_bias', true) ? weightOf(call, 'bias') : null;

const finished = (call: LayerCall, value: Value): Value => activate(call, value, call.config.activation());

const conv =
  (dims: Dims): LayerRule =>
  (call) => {
    channelsLastOnly(call);
    const weight = convKernel(weightOf(call, 'kernel', dims + 2));
    const window = windowOf(call, weight.shape.slice(2), dims);
    const input = inputOf(call);
    const isCausal = dims === 1 && call.config.text('padding', 'valid') === 'causal';
    const padding = isCausal ? 'valid' : paddingMode(call.config);
    const groups = call.config.number('groups', 1);
    const made = { module: call.module, dims, window, padding, weight, bias: biasOf(call), groups };
    return finished(call, convolve(call, isCausal ? padFront(call, input, window) : input, made));
  };

/** Zeros in front of a sequence, as many as the window reaches back. */
function padFront({ builder, module }: LayerCall, input: Value, { kernelSize, dilation }: Window): Value {
  const value = builder.channelsFirst(input);
  const before = ((kernelSize[0] ?? 1) - 1) * (dilation[0] ?? 1);
  const node = builder.call('torch.nn.functional.pad', [ref(value.node), [before, 0]], `${module}_pad`);
  const [batch = 'n', length = UNKNOWN_DIM, channels = UNKNOWN_DIM] = input.shape;
  const longer: Dim = typeof length === 'number' ? length + before : UNKNOWN_DIM;
  return { node, shape: [batch, longer, channels], channelsFirst: true };
}

/** `[h, w, in, multiplier]` → `[in · multiplier, 1, h, w]`: the channels of one input stand together. */
const depthwiseKernel = (kernel: Tensor): Tensor => {
  const rank = kernel.shape.length;
  const spatial = Array.from({ length: rank - 2 }, (_, i) => i);
  const turned = transposed(kernel, [rank - 2, rank - 1, ...spatial]);
  const [inputs = 1, multiplier = 1, ...sizes] = turned.shape;
  return reshaped(turned, [inputs * multiplier, 1, ...sizes]);
};

const depthwise: LayerRule = (call) => {
  channelsLastOnly(call);
  const input = inputOf(call);
  const weight = depthwiseKernel(weightOf(call, 'depthwise_kernel', 4));
  const window = windowOf(call, weight.shape.slice(2), 2);
  const padding = paddingMode(call.config);
  const made = { module: call.module, dims: 2, window, padding, weight, bias: biasOf(call) } as const;
  return finished(call, convolve(call, input, { ...made, groups: channelsOf(call, input) }));
};

/** A depthwise convolution and a pointwise one, with a module each. */
const separable =
  (dims: 1 | 2): LayerRule =>
  (call) => {
    channelsLastOnly(call);
    const input = inputOf(call);
    const weight = depthwiseKernel(weightOf(call, 'depthwise_kernel', dims + 2));
    const window = windowOf(call, weight.shape.slice(2), dims);
    const deep = convolve(call, input, {
      module: `${call.module}.depthwise`,
      dims,
      window,
      padding: paddingMode(call.config),
      weight,
      bias: null,
      groups: channelsOf(call, input),
    });
    const point = convKernel(weightOf(call, 'pointwise_kernel', dims + 2));
    const ones = new Array<number>(dims).fill(1);
    const out = convolve(call, deep, {
      module: `${call.module}.pointwise`,
      dims,
      window: { kernelSize: ones, stride: ones, dilation: ones },
      padding: 'valid',
      weight: point,
      bias: biasOf(call),
      groups: 1,
    });
    return finished(call, out);
  };

/**
 * The gradient of a convolution from `same` or `valid` windows: 'same' gives `size · stride`, cut out of the full
 * result from `⌊(kernel − stride) / 2⌋` on; what an odd difference leaves behind is cut off.
 */
const convTranspose =
  (dims: 2 | 3): LayerRule =>
  (call) => {
    channelsLastOnly(call);
    const kernel = weightOf(call, 'kernel', dims + 2);
    const rank = kernel.shape.length;
    const weight = transposed(kernel, [rank - 1, rank - 2, ...Array.from({ length: dims }, (_, i) => i)]);
    const window = windowOf(call, weight.shape.slice(2), dims);
    if (window.dilation.some((step) => step !== 1))
      return call.config.fail('has a dilation, which the studio does not read in transposed convolutions');
    const input = inputOf(call);
    const { cuts, fill, sizes } = spreadOf(window, paddingMode(call.config), spatialOf(input));
    const bias = biasOf(call);
    const value = call.builder.channelsFirst(input);
    const attrs: Record<string, Attribute> = {
      in_channels: weight.shape[0] ?? 1,
      out_channels: weight.shape[1] ?? 1,
      kernel_size: window.kernelSize,
      stride: window.stride,
      padding: cuts.map((cut) => Math.floor(cut / 2)),
      output_padding: fill,
      bias: bias !== null,
    };
    const tensors = { weight, ...(bias && { bias }) };
    const type = `torch.nn.ConvTranspose${dims}d`;
    const node = call.builder.module(call.module, type, attrs, tensors, value.node);
    const shape = [input.shape[0] ?? 'n', ...sizes, weight.shape[1] ?? 1];
    const odd = cuts.map((cut) => cut % 2);
    return finished(call, { node: cutBehind(call, node, odd), shape, channelsFirst: true });
  };

/** How much is cut off each dimension of what the windows cover, how much is added behind it, and its size then. */
function spreadOf({ kernelSize, stride }: Window, mode: PaddingMode, sizes: readonly Dim[]) {
  const step = (i: number) => stride[i] ?? 1;
  return {
    cuts: kernelSize.map((size, i) => (mode === 'same' ? Math.max(0, size - step(i)) : 0)),
    fill: kernelSize.map((size, i) => Math.max(0, step(i) - size)),
    sizes: sizes.map((size, i): Dim => {
      if (typeof size !== 'number') return UNKNOWN_DIM;
      const beyond = mode === 'same' ? 0 : Math.max(0, (kernelSize[i] ?? 1) - step(i));
      return size * step(i) + beyond;
    }),
  };
}

/** Leaves out the last places of each dimension. */
function cutBehind(
  { builder, module }: LayerCall,
  node: Value['node'],
  counts: readonly number[],
): Value['node'] {
  if (counts.every((count) => count === 0)) return node;
  const all = { slice: [null, null, null] } as const;
  const parts = counts.map((count) => (count === 0 ? all : ({ slice: [null, -count, null] } as const)));
  return builder.call('operator.getitem', [ref(node), [all, all, ...parts]], `${module}_cut`);
}

export const CONV_LAYERS: Readonly<Record<string, LayerRule>> = {
  Conv1D: conv(1),
  Conv2D: conv(2),
  Conv3D: conv(3),
  DepthwiseConv2D: depthwise,
  SeparableConv1D: separable(1),
  SeparableConv2D: separable(2),
  Conv2DTranspose: convTranspose(2),
  Conv3DTranspose: convTranspose(3),
};
