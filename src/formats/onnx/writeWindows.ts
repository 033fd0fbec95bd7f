import { GraphError } from '../../graph/errors';
import { windowCount } from '../../graph/inferWindows';
import type { Node } from '../../graph/node';
import type { OpAttrs, OpCall } from '../../graph/op';
import { formatShape } from '../../graph/shape';
import { floatTensor, sizeOf } from '../../graph/tensor';
import type { GraphWriter, OpWriter, WrittenAttributes } from './graphWriter';

/* Convolutions, batch normalization and pooling. */

/** ONNX takes batches only: a single sample, which PyTorch takes too, becomes a batch of one. */
function asBatch(
  writer: GraphWriter,
  call: OpCall<'conv' | 'max_pool' | 'avg_pool' | 'adaptive_avg_pool'>,
  output: string,
  write: (x: string, to: string) => void,
): void {
  const [x = ''] = writer.operands(call);
  if (writer.inputShape(call)?.length !== call.attrs.dims + 1) {
    write(x, output);
    return;
  }
  const axes = writer.integers(`${output}_axes`, [0]);
  const batch = writer.freshName(`${output}_batch`);
  writer.node('Unsqueeze', [x, axes], batch);
  const result = writer.freshName(`${output}_result`);
  write(batch, result);
  writer.node('Squeeze', [result, axes], output);
}

/** Writes a node and, where it is fused, the ReLU behind it. */
function withRelu(writer: GraphWriter, relu: boolean, output: string, write: (to: string) => void): void {
  const to = relu ? writer.freshName(`${output}_linear`) : output;
  write(to);
  if (relu) writer.node('Relu', [to], output);
}

export const conv: OpWriter<'conv'> = (writer, call, output) => {
  const { weight, bias, kernelSize, stride, padding, dilation, groups, relu } = call.attrs;
  const tensors = [writer.param(weight), ...(bias === null ? [] : [writer.param(bias)])];
  asBatch(writer, call, output, (x, result) =>
    withRelu(writer, relu, result, (to) =>
      writer.node('Conv', [x, ...tensors], to, {
        kernel_shape: { ints: kernelSize },
        strides: { ints: stride },
        pads: { ints: [...padding.map(([before]) => before), ...padding.map(([, behind]) => behind)] },
        dilations: { ints: dilation },
        group: { i: groups },
      }),
    ),
  );
};

export const batchNorm: OpWriter<'batch_norm'> = (writer, call, output) => {
  const { weight, bias, mean, variance, features, eps, relu } = call.attrs;
  const filled = (what: string, value: number) =>
    writer.ownConstant(`${output}_${what}`, floatTensor([features], new Float32Array(features).fill(value)));
  const tensors = [
    weight === null ? filled('scale', 1) : writer.param(weight),
    bias === null ? filled('bias', 0) : writer.param(bias),
    writer.param(mean),
    writer.param(variance),
  ];
  withRelu(writer, relu, output, (to) =>
    writer.node('BatchNormalization', [...writer.operands(call), ...tensors], to, { epsilon: { f: eps } }),
  );
};

/** The sizes of the pooled axes; a GraphError where `why` needs them and they are not known. */
function pooledSizes(
  writer: GraphWriter,
  call: OpCall<'max_pool' | 'avg_pool' | 'adaptive_avg_pool'>,
  node: Node,
  why: string,
): readonly number[] {
  const shape = writer.inputShape(call);
  const sizes = shape?.slice(-call.attrs.dims).filter((dim) => typeof dim === 'number') ?? [];
  if (sizes.length === call.attrs.dims) return sizes;
  throw new GraphError(
    `Node '${node.name}' (${call.op}) ${why}, and its input has shape ${formatShape(shape ?? null) || 'unknown'}; ONNX needs to know the last ${call.attrs.dims} sizes.`,
    node.name,
  );
}

/** How many windows there are along each axis, and what must be added behind it for the last one to fit. */
function windowsOf(attrs: OpAttrs['max_pool' | 'avg_pool'], sizes: readonly number[]) {
  return sizes.map((size, i) => {
    const [kernel, stride, padding] = [attrs.kernelSize[i] ?? 1, attrs.stride[i] ?? 1, attrs.padding[i] ?? 0];
    const dilation = 'dilation' in attrs ? (attrs.dilation[i] ?? 1) : 1;
    const count = windowCount(size, kernel, stride, [padding, padding], dilation, attrs.ceilMode);
    const reach = (count - 1) * stride + dilation * (kernel - 1) + 1;
    return { size, kernel, stride, padding, count, behind: Math.max(0, reach - padding - size) };
  });
}

/** A `ceil_mode` is written as the padding that it amounts to: PyTorch and ONNX count its windows differently. */
export const maxPool: OpWriter<'max_pool'> = (writer, call, output, node) => {
  const { kernelSize, stride, padding, dilation, ceilMode } = call.attrs;
  const behind = ceilMode
    ? windowsOf(call.attrs, pooledSizes(writer, call, node, 'has ceil_mode')).map((w) => w.behind)
    : padding;
  asBatch(writer, call, output, (x, to) =>
    writer.node('MaxPool', [x], to, {
      kernel_shape: { ints: kernelSize },
      strides: { ints: stride },
      pads: { ints: [...padding, ...behind] },
      dilations: { ints: dilation },
    }),
  );
};

export const avgPool: OpWriter<'avg_pool'> = (writer, call, output, node) => {
  const { kernelSize, stride, padding, ceilMode, countIncludePad, divisor } = call.attrs;
  const attributes = (pads: readonly number[], count: boolean): WrittenAttributes => ({
    kernel_shape: { ints: kernelSize },
    strides: { ints: stride },
    pads: { ints: pads },
    count_include_pad: { i: count ? 1 : 0 },
  });
  asBatch(writer, call, output, (x, to) => {
    if (!ceilMode && divisor === null)
      writer.node('AveragePool', [x], to, attributes([...padding, ...padding], countIncludePad));
    else {
      const windows = windowsOf(call.attrs, pooledSizes(writer, call, node, 'has ceil_mode or a divisor'));
      const mean = writer.freshName(`${to}_mean`);
      const zeros = writer.freshName(`${to}_padded`);
      const pads = [0, 0, ...padding, 0, 0, ...windows.map((w) => w.behind)];
      writer.node('Pad', [x, writer.integers(`${to}_pads`, pads)], zeros);
      writer.node('AveragePool', [zeros], mean, attributes(new Array<number>(pads.length - 4).fill(0), true));
      const shape = [1, 1, ...windows.map((w) => w.count)];
      const factor = floatTensor(shape, windowFactors(windows, countIncludePad, divisor, sizeOf(kernelSize)));
      writer.node('Mul', [mean, writer.ownConstant(`${to}_factor`, factor)], to);
    }
  });
};

/** What the mean over whole windows must be multiplied by: their size through PyTorch's divisor. */
function windowFactors(
  windows: ReturnType<typeof windowsOf>,
  countPadding: boolean,
  divisor: number | null,
  elements: number,
): Float32Array {
  const counts = windows.map(({ size, kernel, stride, padding, count }) =>
    Array.from({ length: count }, (_, i) => {
      const start = i * stride - padding;
      const end = Math.min(start + kernel, size + padding);
      return countPadding ? end - start : Math.min(end, size) - Math.max(start, 0);
    }),
  );
  const products = counts.reduce<readonly number[]>(
    (all, along) => all.flatMap((a) => along.map((b) => a * b)),
    [1],
  );
  return Float32Array.from(products, (count) => elements / (divisor ?? count));
}

/** Axis by axis: one window is a mean; several are the means of slices, side by side. */
export const adaptiveAvgPool: OpWriter<'adaptive_avg_pool'> = (writer, call, output, node) => {
  const { dims, outputSize } = call.attrs;
  const isMean = outputSize.every((count) => count === 1);
  const sizes = isMean ? [] : pooledSizes(writer, call, node, 'has windows of its own sizes');
  let [value = ''] = writer.operands(call);
  if (isMean) {
    const axes = outputSize.map((_, i) => i - dims);
    writer.node('ReduceMean', [value], output, { axes: { ints: axes }, keepdims: { i: 1 } });
    return;
  }
  outputSize.forEach((count, i) => {
    const size = sizes[i] ?? 0;
    if (count !== null && count !== size) value = adaptiveAxis(writer, value, output, i - dims, size, count);
  });
  writer.node('Identity', [value], output);
};

function adaptiveAxis(
  writer: GraphWriter,
  x: string,
  output: string,
  axis: number,
  size: number,
  count: number,
): string {
  const mean = { axes: { ints: [axis] }, keepdims: { i: 1 } };
  const axes = writer.integers(`${output}_axes`, [axis]);
  const parts = Array.from({ length: count }, (_, i) => {
    const bounds = [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)];
    const [start, end] = bounds.map((bound) => writer.integers(`${output}_bound`, [bound]));
    const slice = writer.freshName(`${output}_slice`);
    writer.node('Slice', [x, start ?? '', end ?? '', axes], slice);
    const part = writer.freshName(`${output}_part`);
    writer.node('ReduceMean', [slice], part, mean);
    return part;
  });
  const joined = writer.freshName(`${output}_along`);
  writer.node('Concat', parts, joined, { axis: { i: axis } });
  return joined;
}
