import type { Attribute } from '../../graph/model';
import { type Dim, UNKNOWN_DIM } from '../../graph/shape';
import type { LayerConfig } from './layerConfig';

/** Kernel, stride and dilation of a convolution or a pooling, per dimension. */
export interface Window {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

const extent = ({ kernelSize, dilation }: Window, i: number): number =>
  ((kernelSize[i] ?? 1) - 1) * (dilation[i] ?? 1) + 1;

export type PaddingMode = 'same' | 'valid';

export function paddingMode(config: LayerConfig): PaddingMode {
  const mode = config.text('padding', 'valid');
  return mode === 'same' || mode === 'valid'
    ? mode
    : config.fail(`has padding '${mode}', which the studio does not read; it takes 'same' and 'valid'`);
}

/** Zeros in front and behind, of TensorFlow's 'same': `⌈size / stride⌉` windows, an odd zero behind. */
function samePadding(window: Window, i: number, size: Dim): readonly [number, number] | null {
  const stride = window.stride[i] ?? 1;
  const rest =
    typeof size === 'number' ? (Math.ceil(size / stride) - 1) * stride - size : stride === 1 ? -1 : null;
  if (rest === null) return null;
  const total = Math.max(0, rest + extent(window, i));
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/**
 * The padding as an attribute of PyTorch's modules: one number a dimension where both sides are alike, pairs where
 * they are not, and by name where the size is open.
 */
export function paddingAttribute(mode: PaddingMode, window: Window, sizes: readonly Dim[]): Attribute {
  if (mode === 'valid') return window.kernelSize.map(() => 0);
  const pairs = sizes.map((size, i) => samePadding(window, i, size));
  const known = pairs.filter((pair) => pair !== null);
  if (known.length < pairs.length) return 'same_upper';
  return known.every(([before, behind]) => before === behind) ? known.map(([before]) => before) : known;
}

/** Sizes behind the windows. */
export const windowSizes = (mode: PaddingMode, window: Window, sizes: readonly Dim[]): readonly Dim[] =>
  sizes.map((size, i): Dim => {
    const stride = window.stride[i] ?? 1;
    if (typeof size === 'string') return mode === 'same' && stride === 1 ? size : UNKNOWN_DIM;
    const covered = mode === 'same' ? size : size - extent(window, i) + 1;
    return Math.ceil(covered / stride);
  });
