import type { OpCall } from '../graph/op';

/** The ops with a weight whose columns meet the channels of their input: what is quantized and equalized. */
export type LayerCall = OpCall<'linear' | 'conv' | 'conv_transpose'>;

/** The same, as PyTorch 1.13.1 equalizes it and folds batch normalizations by rows: all but transposed convolutions. */
export type RowLayerCall = OpCall<'linear' | 'conv'>;

/** A function's transposed convolution is none: PyTorch quantizes modules alone. */
export const isLayerCall = (call: OpCall | null): call is LayerCall =>
  call?.op === 'linear' || call?.op === 'conv' || (call?.op === 'conv_transpose' && !call.attrs.functional);

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
