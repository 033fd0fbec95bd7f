import type { OpCall } from './op';
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

export function convShape([x]: readonly Shape[], { attrs }: OpCall<'conv'>): Shape {
  const { dims, outChannels, kernelSize, stride, padding, dilation } = attrs;
  if (!x || x.length < dims + 1) return null;
  const from = x.length - dims;
  const windows = x
    .slice(from)
    .map((dim, i) =>
      counted(dim, (size) =>
        windowCount(size, kernelSize[i] ?? 1, stride[i] ?? 1, padding[i] ?? [0, 0], dilation[i] ?? 1),
      ),
    );
  return [...x.slice(0, from - 1), outChannels, ...windows];
}

export function poolShape([x]: readonly Shape[], { attrs }: OpCall<'max_pool' | 'avg_pool'>): Shape {
  const { dims, kernelSize, stride, padding, ceilMode } = attrs;
  if (!x || x.length < dims + 1) return null;
  const dilation = 'dilation' in attrs ? attrs.dilation : [];
  const from = x.length - dims;
  const windows = x.slice(from).map((dim, i) => {
    const pad = padding[i] ?? 0;
    return counted(dim, (size) =>
      windowCount(size, kernelSize[i] ?? 1, stride[i] ?? 1, [pad, pad], dilation[i] ?? 1, ceilMode),
    );
  });
  return [...x.slice(0, from), ...windows];
}

export function adaptivePoolShape([x]: readonly Shape[], { attrs }: OpCall<'adaptive_avg_pool'>): Shape {
  const { dims, outputSize } = attrs;
  if (!x || x.length < dims + 1) return null;
  const from = x.length - dims;
  return x.map((dim, axis) => (axis < from ? dim : (outputSize[axis - from] ?? dim)));
}
