import type { ModuleSpec } from '../../../graph/model';
import { convTransposeType, convType, type Dims } from '../../../graph/moduleTypes';
import type { Padding } from '../../../graph/op';
import type { FloatTensor } from '../../../graph/tensor';
import type { ConvOrigin } from '../origin';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { biasVector, constantFloats, fitsBias, followingAdd } from './bias';
import { autoPad, explicitPads, paddingAttribute, strides, windowDims, windowsOf } from './windows';

/** The weight of a convolution, which is a constant, and the number of axes behind its first two. */
function weightOf(
  reader: GraphReader,
  node: OnnxNode,
): { readonly weight: FloatTensor; readonly dims: Dims } {
  const value = node.input(1);
  if (!reader.constants.has(value) || !reader.isFloat(value))
    node.fail(
      `takes '${value}' for its weight, which is no float constant; the studio reads constant weights.`,
    );
  const weight = constantFloats(reader, value);
  const dims = windowDims(node, weight.shape.length - 2);
  const stated = node.ints('kernel_shape');
  const kernel = weight.shape.slice(2);
  if (stated && stated.join() !== kernel.join())
    node.fail(`has kernel_shape [${stated.join(', ')}], and its weight is [${weight.shape.join(', ')}].`);
  return { weight, dims };
}

/** Input 2, or the Add behind that alone reads the convolution and adds one constant value a channel. */
function biasOf(
  reader: GraphReader,
  node: OnnxNode,
  channels: number,
  dims: Dims,
): { readonly value: string; readonly bias: ConvOrigin['bias'] } {
  const initializer = node.optionalInput(2);
  if (!initializer) {
    const rank = reader.shapeOf(node.input(0))?.length;
    const add = followingAdd(reader, node, channels, dims + 1, rank ?? dims + 2);
    return add ?? { value: node.output, bias: null };
  }
  const shape = reader.constants.describe(initializer)?.shape;
  if (!shape || !reader.isFloat(initializer) || !fitsBias(shape, channels, 1, 1))
    node.fail(`takes '${initializer}' for its bias, which is no float constant of ${channels} values.`);
  return { value: node.output, bias: { nodeIndex: node.index, input: 2, initializer } };
}

export function readConv(reader: GraphReader, node: OnnxNode): void {
  const { weight, dims } = weightOf(reader, node);
  const windows = windowsOf(reader, node, weight.shape.slice(2));
  const groups = node.int('group', 1);
  const [outChannels = 0, perGroup = 0] = weight.shape;
  addModule(reader, node, weight, outChannels, dims, {
    type: convType(dims),
    attrs: {
      in_channels: perGroup * groups,
      out_channels: outChannels,
      kernel_size: windows.kernelSize,
      stride: windows.stride,
      padding: paddingAttribute(windows.padding),
      dilation: windows.dilation,
      groups,
    },
  });
}

function addModule(
  reader: GraphReader,
  node: OnnxNode,
  weight: FloatTensor,
  channels: number,
  dims: Dims,
  { type, attrs }: ModuleSpec,
): void {
  const { value, bias } = biasOf(reader, node, channels, dims);
  if (bias && bias.nodeIndex !== node.index) reader.absorbed.add(bias.nodeIndex);
  const own = bias ? { bias: biasVector(reader, bias.initializer, channels, 1) } : {};
  const parts = {
    spec: { type, attrs: { ...attrs, bias: bias !== null } },
    tensors: { weight, ...own },
    values: [node.input(1), ...(bias ? [bias.initializer] : [])],
    base: 'conv',
  };
  const module = reader.module(node, parts, value);
  reader.convs[module] = { nodeIndex: node.index, weight: node.input(1), bias };
}

export function readConvTranspose(reader: GraphReader, node: OnnxNode): void {
  const { weight, dims } = weightOf(reader, node);
  const [inChannels = 0, perGroup = 0, ...kernelSize] = weight.shape;
  const { stride, dilation } = strides(node, dims);
  const groups = node.int('group', 1);
  const cut = cutOf(reader, node, { dims, kernelSize, stride, dilation });
  addModule(reader, node, weight, perGroup * groups, dims, {
    type: convTransposeType(dims),
    attrs: {
      in_channels: inChannels,
      out_channels: perGroup * groups,
      kernel_size: kernelSize,
      stride,
      padding: paddingAttribute(cut.map(({ padding }) => padding)),
      output_padding: cut.map(({ outputPadding }) => outputPadding),
      dilation,
      groups,
    },
  });
}

interface TransposedWindows {
  readonly dims: Dims;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

interface Cut {
  readonly padding: Padding;
  readonly outputPadding: number;
}

/**
 * What is cut off each axis and added behind it: `pads` and `output_padding`, or what `auto_pad` and `output_shape` make of
 * the sizes (ONNX, ConvTranspose). PyTorch cuts the same off both ends and gives back behind by `output_padding`.
 */
function cutOf(reader: GraphReader, node: OnnxNode, windows: TransposedWindows): readonly Cut[] {
  const { dims, kernelSize, stride, dilation } = windows;
  const mode = autoPad(node);
  const added = node.ints('output_padding') ?? new Array<number>(dims).fill(0);
  const wanted = node.ints('output_shape')?.slice(-dims) ?? null;
  const sizes = reader.shapeOf(node.input(0))?.slice(-dims) ?? [];
  const pads = explicitPads(node, dims);
  return kernelSize.map((kernel, i) => {
    const step = stride[i] ?? 1;
    const reach = (dilation[i] ?? 1) * (kernel - 1) + 1;
    const outputPadding = added[i] ?? 0;
    if (wanted) {
      const size = sizes[i];
      if (typeof size !== 'number')
        return node.fail(
          `has output_shape [${wanted.join(', ')}], and the size of axis ${i + 2} of its input is open. Export the model with fixed sizes, or with pads.`,
        );
      const total = step * (size - 1) + outputPadding + reach - (wanted[i] ?? 0);
      return total < 0
        ? { padding: [0, 0], outputPadding: outputPadding - total }
        : balanced(halves(total, mode === 'same_upper'), outputPadding, windows, i);
    }
    if (mode === 'same_upper' || mode === 'same_lower') {
      // As long as the input's length times the stride.
      const total = Math.max(0, reach - step + outputPadding);
      const short = Math.max(0, step - reach - outputPadding);
      return balanced(halves(total, mode === 'same_upper'), outputPadding + short, windows, i);
    }
    return balanced(mode === 'valid' ? [0, 0] : (pads[i] ?? [0, 0]), outputPadding, windows, i);
  });
}

const halves = (total: number, upper: boolean): Padding => {
  const half = Math.floor(total / 2);
  return upper ? [half, total - half] : [total - half, half];
};

/** The same on both sides, where PyTorch's limit for `output_padding` allows it. */
function balanced(
  [before, behind]: Padding,
  outputPadding: number,
  { stride, dilation }: TransposedWindows,
  i: number,
): Cut {
  const limit = Math.max(stride[i] ?? 1, dilation[i] ?? 1);
  const given = outputPadding + before - behind;
  return before > behind && given < limit
    ? { padding: [before, before], outputPadding: given }
    : { padding: [before, behind], outputPadding };
}
