import { GraphError } from '../../../graph/errors';
import { paddingAt, type Windows, windowCount } from '../../../graph/inferWindows';
import type { Node } from '../../../graph/node';
import type { OpAttrs, OpCall, Padding } from '../../../graph/op';
import { formatShape } from '../../../graph/shape';
import { floatTensor, sizeOf } from '../../../graph/tensor';
import type { GraphWriter, OpWriter, WrittenAttributes } from './graphWriter';

/* Convolutions, batch normalization and pooling. */

/** ONNX takes batches only: a single sample, which PyTorch takes too, becomes a batch of one. */
function asBatch(
  writer: GraphWriter,
  call: OpCall<
    'conv' | 'conv_transpose' | 'max_pool' | 'avg_pool' | 'adaptive_avg_pool' | 'adaptive_max_pool'
  >,
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
  const { weight, bias, groups, relu } = call.attrs;
  const tensors = [writer.param(weight), ...(bias === null ? [] : [writer.param(bias)])];
  asBatch(writer, call, output, (x, result) =>
    withRelu(writer, relu, result, (to) =>
      writer.node('Conv', [x, ...tensors], to, { ...windowAttributes(call.attrs), group: { i: groups } }),
    ),
  );
};

const padsOf = (padding: readonly Padding[]): readonly number[] => [
  ...padding.map(([before]) => before),
  ...padding.map(([, behind]) => behind),
];

function windowAttributes({ kernelSize, stride, padding, dilation }: Windows): WrittenAttributes {
  return {
    kernel_shape: { ints: kernelSize },
    strides: { ints: stride },
    ...(typeof padding === 'string'
      ? { auto_pad: { s: padding.toUpperCase() } }
      : { pads: { ints: padsOf(padding) } }),
    ...(dilation.some((step) => step !== 1) ? { dilations: { ints: dilation } } : {}),
  };
}

export const convTranspose: OpWriter<'conv_transpose'> = (writer, call, output) => {
  const { weight, bias, groups, outputPadding } = call.attrs;
  const tensors = [writer.param(weight), ...(bias === null ? [] : [writer.param(bias)])];
  asBatch(writer, call, output, (x, to) =>
    writer.node('ConvTranspose', [x, ...tensors], to, {
      ...windowAttributes(call.attrs),
      output_padding: { ints: outputPadding },
      group: { i: groups },
    }),
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
  call: OpCall<'max_pool' | 'avg_pool' | 'adaptive_avg_pool' | 'adaptive_max_pool'>,
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
    const [kernel, stride, dilation] = [
      attrs.kernelSize[i] ?? 1,
      attrs.stride[i] ?? 1,
      attrs.dilation[i] ?? 1,
    ];
    const padding = paddingAt(attrs, i, size);
    const count = windowCount(size, kernel, stride, padding, dilation, attrs.ceilMode);
    const reach = (count - 1) * stride + dilation * (kernel - 1) + 1;
    const behind = Math.max(0, reach - padding[0] - size);
    return { size, kernel, stride, padding, dilation, count, behind };
  });
}

/** A `ceil_mode` is written as the padding that it amounts to: PyTorch and ONNX count its windows differently. */
export const maxPool: OpWriter<'max_pool'> = (writer, call, output, node) => {
  const padding = call.attrs.ceilMode
    ? windowsOf(call.attrs, pooledSizes(writer, call, node, 'has ceil_mode')).map(
        ({ padding: [before], behind }): Padding => [before, behind],
      )
    : call.attrs.padding;
  asBatch(writer, call, output, (x, to) =>
    writer.node('MaxPool', [x], to, windowAttributes({ ...call.attrs, padding })),
  );
};

/** Opset 17 has averages without dilation only: those, like other counts than ONNX's, are written out. */
export const avgPool: OpWriter<'avg_pool'> = (writer, call, output, node) => {
  const { ceilMode, countIncludePad, divisor, kernelSize, dilation } = call.attrs;
  if (dilation.some((step) => step !== 1))
    throw new GraphError(
      `Node '${node.name}' (avg_pool) has dilation [${dilation.join(', ')}], which ONNX has from opset 19 on; the studio writes opset 17.`,
      node.name,
    );
  const counting = (count: boolean): WrittenAttributes => ({ count_include_pad: { i: count ? 1 : 0 } });
  asBatch(writer, call, output, (x, to) => {
    if (!ceilMode && divisor === null) {
      const attributes = { ...windowAttributes(call.attrs), ...counting(countIncludePad) };
      writer.node('AveragePool', [x], to, attributes);
      return;
    }
    const windows = windowsOf(call.attrs, pooledSizes(writer, call, node, 'has ceil_mode or a divisor'));
    const mean = writer.freshName(`${to}_mean`);
    const zeros = writer.freshName(`${to}_padded`);
    const pads = [0, 0, ...windows.map((w) => w.padding[0]), 0, 0, ...windows.map((w) => w.behind)];
    writer.node('Pad', [x, writer.integers(`${to}_pads`, pads)], zeros);
    const whole = windowAttributes({ ...call.attrs, padding: windows.map(() => [0, 0]) });
    writer.node('AveragePool', [zeros], mean, { ...whole, ...counting(true) });
    const shape = [1, 1, ...windows.map((w) => w.count)];
    const factor = floatTensor(shape, windowFactors(windows, countIncludePad, divisor, sizeOf(kernelSize)));
    writer.node('Mul', [mean, writer.ownConstant(`${to}_factor`, factor)], to);
  });
};

/** What the mean over whole windows must be multiplied by: their size through PyTorch's divisor. */
function windowFactors(
  windows: ReturnType<typeof windowsOf>,
  countPadding: boolean,
  divisor: number | null,
  elements: number,
): Float32Array {
  const counts = windows.map(({ size, kernel, stride, padding: [before, behind], count }) =>
    Array.from({ length: count }, (_, i) => {
      const start = i * stride - before;
      const end = Math.min(start + kernel, size + behind);
      return countPadding ? end - start : Math.min(end, size) - Math.max(start, 0);
    }),
  );
  const products = counts.reduce<readonly number[]>(
    (all, along) => all.flatMap((a) => along.map((b) => a * b)),
    [1],
  );
  return Float32Array.from(products, (count) => elements / (divisor ?? count));
}

/** Axis by axis: one window is a mean (a maximum); several are those of slices, side by side. */
const adaptivePool =
  (reduce: 'ReduceMean' | 'ReduceMax'): OpWriter<'adaptive_avg_pool' | 'adaptive_max_pool'> =>
  (writer, call, output, node) => {
    const { dims, outputSize } = call.attrs;
    const isOne = outputSize.every((count) => count === 1);
    const sizes = isOne ? [] : pooledSizes(writer, call, node, 'has windows of its own sizes');
    let [value = ''] = writer.operands(call);
    if (isOne) {
      const axes = outputSize.map((_, i) => i - dims);
      writer.node(reduce, [value], output, { axes: { ints: axes }, keepdims: { i: 1 } });
      return;
    }
    outputSize.forEach((count, i) => {
      const size = sizes[i] ?? 0;
      if (count !== null && count !== size)
        value = adaptiveAxis(writer, value, output, reduce, { axis: i - dims, size, count });
    });
    writer.node('Identity', [value], output);
  };

export const adaptiveAvgPool = adaptivePool('ReduceMean');
export const adaptiveMaxPool = adaptivePool('ReduceMax');

function adaptiveAxis(
  writer: GraphWriter,
  x: string,
  output: string,
  reduce: string,
  { axis, size, count }: { readonly axis: number; readonly size: number; readonly count: number },
): string {
  const reduced = { axes: { ints: [axis] }, keepdims: { i: 1 } };
  const axes = writer.integers(`${output}_axes`, [axis]);
  const parts = Array.from({ length: count }, (_, i) => {
    const bounds = [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)];
    const [start, end] = bounds.map((bound) => writer.integers(`${output}_bound`, [bound]));
    const slice = writer.freshName(`${output}_slice`);
    writer.node('Slice', [x, start ?? '', end ?? '', axes], slice);
    const part = writer.freshName(`${output}_part`);
    writer.node(reduce, [slice], part, reduced);
    return part;
  });
  const joined = writer.freshName(`${output}_along`);
  writer.node('Concat', parts, joined, { axis: { i: axis } });
  return joined;
}
