import type { Dims } from '../../../graph/moduleTypes';
import { ref } from '../../../graph/node';
import type { GraphReader } from '../reader/graphReader';
import type { OnnxNode } from '../reader/onnxNode';
import { paddingAttribute, windowDims, windowsOf } from './windows';

const F = 'torch.nn.functional';

/** Window, padding and `ceil_mode`, as PyTorch's functions take them. */
function poolWindows(reader: GraphReader, node: OnnxNode) {
  const kernelSize = node.ints('kernel_shape') ?? node.fail("lacks the attribute 'kernel_shape'.");
  const { dims, stride, padding, dilation } = windowsOf(reader, node, kernelSize);
  // More than PyTorch pads is kept as pairs, which the studio computes.
  const tooWide =
    typeof padding !== 'string' && padding.some(([before], i) => before > (kernelSize[i] ?? 0) / 2);
  const written = tooWide ? padding : paddingAttribute(padding);
  return { dims, kernelSize, stride, padding: written, dilation, ceilMode: node.flag('ceil_mode') };
}

export function readMaxPool(reader: GraphReader, node: OnnxNode): void {
  const indices = node.proto.output[1];
  if (indices && reader.isRead(indices))
    node.fail(
      `has an output '${indices}' with the places of the maxima that is used; the studio reads the maxima.`,
    );
  const { dims, kernelSize, stride, padding, dilation, ceilMode } = poolWindows(reader, node);
  const value = node.input(0);
  const args = [ref(reader.operand(value, node.title)), kernelSize, stride, padding, dilation, ceilMode];
  reader.result(node, `${F}.max_pool${dims}d`, args, reader.elementType(value));
}

/** Unlike PyTorch's, ONNX's averages do not count the padding unless they say so, and may be dilated (opset 19). */
export function readAveragePool(reader: GraphReader, node: OnnxNode): void {
  const { dims, kernelSize, stride, padding, dilation, ceilMode } = poolWindows(reader, node);
  const value = node.input(0);
  const x = ref(reader.operand(value, node.title));
  const args = [x, kernelSize, stride, padding, ceilMode, node.flag('count_include_pad')];
  const kwargs = dilation.every((step) => step === 1) ? {} : { dilation };
  reader.result(node, `${F}.avg_pool${dims}d`, args, reader.elementType(value), { kwargs });
}

/** Over all axes behind the channels. */
export const readGlobalPool =
  (pool: 'adaptive_avg_pool' | 'adaptive_max_pool') =>
  (reader: GraphReader, node: OnnxNode): void => {
    const value = node.input(0);
    const dims = pooledDims(reader, node, value);
    const args = [ref(reader.operand(value, node.title)), new Array<number>(dims).fill(1)];
    reader.result(node, `${F}.${pool}${dims}d`, args, reader.elementType(value));
  };

function pooledDims(reader: GraphReader, node: OnnxNode, value: string): Dims {
  const rank =
    reader.shapeOf(value)?.length ??
    node.fail(`needs the number of axes of '${value}', which the model does not tell.`);
  return windowDims(node, rank - 2);
}

/**
 * LRN: `x / (bias + alpha / size · Σ x²)^beta` over `size` channels around each. A window over the channels is one over
 * an axis in front of which there is none, so they get one.
 */
export function readLrn(reader: GraphReader, node: OnnxNode): void {
  const size = node.int('size', 0);
  if (size < 1) node.fail(`has size ${size}; a whole number of 1 or more is expected.`);
  const value = node.input(0);
  const dims = pooledDims(reader, node, value);
  if (dims > 2) node.fail('works on 3 axes behind the channels; the studio reads 1 and 2.');
  const x = ref(reader.operand(value, node.title));
  const lone = (length: number) => [length, ...new Array<number>(dims).fill(1)];
  const around = [
    [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)],
    ...lone(0)
      .slice(1)
      .map(() => [0, 0]),
  ];
  const squares = reader.step(node, 'torch.unsqueeze', [ref(reader.step(node, 'torch.pow', [x, 2])), 1]);
  const pool = `${F}.avg_pool${dims + 1}d`;
  const means = reader.step(node, pool, [ref(squares), lone(size), lone(1), around, false, true]);
  const along = reader.step(node, 'torch.squeeze', [ref(means), 1]);
  const scaled = reader.step(node, 'torch.mul', [ref(along), node.float('alpha', 1e-4)]);
  const raised = reader.step(node, 'torch.add', [ref(scaled), node.float('bias', 1)]);
  const divisor = reader.step(node, 'torch.pow', [ref(raised), node.float('beta', 0.75)]);
  reader.result(node, 'torch.div', [x, ref(divisor)], reader.elementType(value));
}
