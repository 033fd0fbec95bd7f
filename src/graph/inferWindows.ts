import type { OpAttrs, OpCall, Padding, Paddings } from './op';
import { type Dim, type Shape, UNKNOWN_DIM } from './shape';

/* Shapes of convolutions and pooling: windows that move over the last axes. */

/**
 * How many windows fit: `⌊(size + padding − dilation (kernel − 1) − 1) / stride⌋ + 1`. With `ceil`, also one that begins
 * inside (or in the padding before) and ends outside (torch/aten, `pooling_output_shape`). Below 1 nothing fits.
 */
export function windowCount(
  size: number,
  kernel: number,
  stride: number,
  [before, behind]: readonly [number, number],
  dilation: number,
  ceil = false,
): number {
  const room = size + before + behind - dilation * (kernel - 1) - 1;
  if (!ceil) return Math.floor(room / stride) + 1;
  const count = Math.ceil(room / stride) + 1;
  return (count - 1) * stride >= size + before ? count - 1 : count;
}

const counted = (dim: Dim, count: (size: number) => number): Dim =>
  typeof dim === 'number' ? Math.max(0, count(dim)) : UNKNOWN_DIM;

/** The windows of a call along its last axes, without the padding that may depend on the sizes. */
export interface Windows {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: Paddings;
  readonly dilation: readonly number[];
}

/** What is added to axis `i` of the windows' axes, of length `size` (ONNX, `auto_pad`). */
export function paddingAt(
  { kernelSize, stride, padding, dilation }: Windows,
  i: number,
  size: number,
): Padding {
  if (typeof padding !== 'string') return padding[i] ?? [0, 0];
  const step = stride[i] ?? 1;
  const reach = (dilation[i] ?? 1) * ((kernelSize[i] ?? 1) - 1) + 1;
  const total = Math.max(0, (Math.ceil(size / step) - 1) * step + reach - size);
  const half = Math.floor(total / 2);
  return padding === 'same_upper' ? [half, total - half] : [total - half, half];
}

const countAt = (windows: Windows, i: number, size: number, ceil = false): number => {
  const { kernelSize, stride, dilation } = windows;
  const padding = paddingAt(windows, i, size);
  return windowCount(size, kernelSize[i] ?? 1, stride[i] ?? 1, padding, dilation[i] ?? 1, ceil);
};

export function convShape([x]: readonly Shape[], { attrs }: OpCall<'conv'>): Shape {
  const { dims, outChannels } = attrs;
  if (!x || x.length < dims + 1) return null;
  const from = x.length - dims;
  const windows = x.slice(from).map((dim, i) => counted(dim, (size) => countAt(attrs, i, size)));
  return [...x.slice(0, from - 1), outChannels, ...windows];
}

/** `(size − 1) · stride + dilation (kernel − 1) + 1 + output padding − what is cut off` (torch/aten, `conv_input_size`). */
export const transposedSize = (attrs: OpAttrs['conv_transpose'], i: number, size: number): number => {
  const [before, behind] = attrs.padding[i] ?? [0, 0];
  const reach = (attrs.dilation[i] ?? 1) * ((attrs.kernelSize[i] ?? 1) - 1) + 1;
  return (size - 1) * (attrs.stride[i] ?? 1) + reach + (attrs.outputPadding[i] ?? 0) - before - behind;
};

export function convTransposeShape([x]: readonly Shape[], { attrs }: OpCall<'conv_transpose'>): Shape {
  const { dims, outChannels } = attrs;
  if (!x || x.length < dims + 1) return null;
  const from = x.length - dims;
  const sizes = x.slice(from).map((dim, i) => counted(dim, (size) => transposedSize(attrs, i, size)));
  return [...x.slice(0, from - 1), outChannels, ...sizes];
}

export function poolShape([x]: readonly Shape[], { attrs }: OpCall<'max_pool' | 'avg_pool'>): Shape {
  const { dims, ceilMode } = attrs;
  if (!x || x.length < dims + 1) return null;
  const from = x.length - dims;
  const windows = x.slice(from).map((dim, i) => counted(dim, (size) => countAt(attrs, i, size, ceilMode)));
  return [...x.slice(0, from), ...windows];
}

export function adaptivePoolShape(
  [x]: readonly Shape[],
  { attrs }: OpCall<'adaptive_avg_pool' | 'adaptive_max_pool'>,
): Shape {
  const { dims, outputSize } = attrs;
  if (!x || x.length < dims + 1) return null;
  const from = x.length - dims;
  return x.map((dim, axis) => (axis < from ? dim : (outputSize[axis - from] ?? dim)));
}
