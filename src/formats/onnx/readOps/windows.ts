import { paddingAt, type Windows } from '../../../graph/inferWindows';
import type { Attribute } from '../../../graph/model';
import type { Dims } from '../../../graph/moduleTypes';
import type { Padding, Paddings } from '../../../graph/op';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';

/* The attributes that convolutions and pooling have in common. */

/** How many axes windows move over; PyTorch has modules for one to three. */
export function windowDims(node: OnnxNode, count: number): Dims {
  if (count === 1 || count === 2 || count === 3) return count;
  return node.fail(`works on ${count} axes behind the channels; the studio reads 1 to 3.`);
}

/** A list with one whole number per axis, of 1 or more. */
function perAxis(node: OnnxNode, name: string, dims: Dims): readonly number[] {
  const given = node.ints(name) ?? new Array<number>(dims).fill(1);
  if (given.length !== dims || given.some((size) => size < 1))
    node.fail(`has ${name} [${given.join(', ')}]; ${dims} whole numbers of 1 or more are expected.`);
  return given;
}

export const strides = (node: OnnxNode, dims: Dims) => ({
  stride: perAxis(node, 'strides', dims),
  dilation: perAxis(node, 'dilations', dims),
});

/** Stride, dilation and padding of windows of a given size over the node's first input. */
export function windowsOf(
  reader: GraphReader,
  node: OnnxNode,
  kernelSize: readonly number[],
): Windows & { readonly dims: Dims } {
  const dims = windowDims(node, kernelSize.length);
  const mode = autoPad(node);
  const window = { dims, kernelSize, ...strides(node, dims) };
  if (mode === 'valid') return { ...window, padding: kernelSize.map((): Padding => [0, 0]) };
  if (mode === 'notset') return { ...window, padding: explicitPads(node, dims) };
  return { ...window, padding: fixedWhereKnown(reader, node, { ...window, padding: mode }) };
}

export function autoPad(node: OnnxNode): 'notset' | 'valid' | 'same_upper' | 'same_lower' {
  const mode = node.text('auto_pad', 'NOTSET').toLowerCase() || 'notset';
  if (mode === 'notset' || mode === 'valid' || mode === 'same_upper' || mode === 'same_lower') return mode;
  return node.fail(
    `has auto_pad '${mode.toUpperCase()}'; NOTSET, VALID, SAME_UPPER and SAME_LOWER are known.`,
  );
}

/** `pads`: what comes before each axis, then what comes behind each. */
export function explicitPads(node: OnnxNode, dims: Dims): readonly Padding[] {
  const pads = node.ints('pads') ?? new Array<number>(2 * dims).fill(0);
  if (pads.length !== 2 * dims || pads.some((size) => size < 0))
    node.fail(`has pads [${pads.join(', ')}]; ${2 * dims} whole numbers of 0 or more are expected.`);
  return Array.from({ length: dims }, (_, i): Padding => [pads[i] ?? 0, pads[dims + i] ?? 0]);
}

/** With stride 1 the size says nothing; else it must be known, or the mode stays until there is one. */
function fixedWhereKnown(
  reader: GraphReader,
  node: OnnxNode,
  windows: Windows & { readonly dims: Dims },
): Paddings {
  const sizes = reader.shapeOf(node.input(0))?.slice(-windows.dims) ?? [];
  const fixed = windows.stride.map((step, i) => (step === 1 ? 1 : (sizes[i] ?? '?')));
  const known = fixed.flatMap((size) => (typeof size === 'number' ? [size] : []));
  // A stride-1 axis needs its whole reach less one, which an axis of any length gives.
  return known.length === windows.dims
    ? known.map((size, i) => paddingAt(windows, i, size))
    : windows.padding;
}

/** Padding as PyTorch takes it, one number for both sides of an axis, where it can be said so. */
export function paddingAttribute(padding: Paddings): Attribute & (readonly Attribute[] | string) {
  if (typeof padding === 'string') return padding;
  return padding.every(([before, behind]) => before === behind) ? padding.map(([before]) => before) : padding;
}
