import type { OpCall } from '../graph/op';

/** The ops with a weight whose columns meet the channels of their input: what is quantized and equalized. */
export type LayerCall = OpCall<'linear' | 'conv'>;

/**
 * The axis of a layer's channels, in its input as in its output, counted from the end so that it holds with and
 * without a batch axis: −1 for a Linear, −(dims + 1) for a convolution over `dims` dimensions.
 */
export const channelAxis = (call: LayerCall): number => (call.op === 'linear' ? -1 : -(call.attrs.dims + 1));

/** How many channels the layer reads: one equalization scale for each. */
export const inputChannels = (call: LayerCall): number =>
  call.op === 'linear' ? call.attrs.inFeatures : call.attrs.inChannels;

/** How many channels the layer makes: the rows of its weight. */
export const outputChannels = (call: LayerCall): number =>
  call.op === 'linear' ? call.attrs.outFeatures : call.attrs.outChannels;

/** Groups of channels that do not meet; 1 for a Linear. */
export const groupsOf = (call: LayerCall): number => (call.op === 'linear' ? 1 : call.attrs.groups);

/** The shape of one number per channel that broadcasts along the layer's channel axis: `[C]`, `[C, 1, 1]`. */
export const channelShape = (call: LayerCall, channels: number): readonly number[] => [
  channels,
  ...Array.from({ length: -channelAxis(call) - 1 }, () => 1),
];
