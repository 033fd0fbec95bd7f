import type { Attribute } from '../model';
import type { Dims } from '../moduleTypes';
import { type Argument, isList } from '../node';
import type { OpCall, Padding, Paddings } from '../op';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';
import { flagAttr, type ModuleCall, refuse, sizesAttr } from './moduleAttributes';

/* Pooling, as modules and as functions. */

export const maxPoolModule =
  (dims: Dims) =>
  (call: ModuleCall): OpCall => {
    if (flagAttr(call, 'return_indices', false)) return refuse(call, 'return_indices is not supported');
    const kernelSize = sizesAttr(call, 'kernel_size', dims);
    const attrs = {
      dims,
      kernelSize,
      stride: sizesAttr(call, 'stride', dims, kernelSize),
      padding:
        ownPaddings(call.spec.attrs.padding, dims) ??
        numbered(sizesAttr(call, 'padding', dims, [0]), kernelSize, (problem) => refuse(call, problem)),
      dilation: sizesAttr(call, 'dilation', dims, [1]),
      ceilMode: flagAttr(call, 'ceil_mode', false),
    };
    checkWindow(attrs, (problem) => refuse(call, problem));
    return { op: 'max_pool', operands: call.operands, attrs };
  };

export const avgPoolModule =
  (dims: Dims) =>
  (call: ModuleCall): OpCall => {
    const kernelSize = sizesAttr(call, 'kernel_size', dims);
    const divisor = call.spec.attrs.divisor_override ?? null;
    const attrs = {
      dims,
      kernelSize,
      stride: sizesAttr(call, 'stride', dims, kernelSize),
      padding:
        ownPaddings(call.spec.attrs.padding, dims) ??
        numbered(sizesAttr(call, 'padding', dims, [0]), kernelSize, (problem) => refuse(call, problem)),
      dilation: new Array<number>(dims).fill(1),
      ceilMode: flagAttr(call, 'ceil_mode', false),
      countIncludePad: flagAttr(call, 'count_include_pad', true),
      divisor:
        divisor === null || typeof divisor === 'number'
          ? divisor
          : refuse(call, 'divisor_override must be a number'),
    };
    checkWindow(attrs, (problem) => refuse(call, problem));
    return { op: 'avg_pool', operands: call.operands, attrs };
  };

type Adaptive = 'adaptive_avg_pool' | 'adaptive_max_pool';

export const adaptivePoolModule =
  (op: Adaptive) =>
  (dims: Dims) =>
  (call: ModuleCall): OpCall => {
    if (flagAttr(call, 'return_indices', false)) return refuse(call, 'return_indices is not supported');
    const given = call.spec.attrs.output_size ?? null;
    const outputSize = outputSizes(given, dims, (problem) => refuse(call, problem));
    return { op, operands: call.operands, attrs: { dims, outputSize } };
  };

/** What the arguments of a pooling function say of its windows. */
function windowOf(args: CallArguments, dims: Dims) {
  const kernelSize = args.sizes('kernel_size', dims);
  return {
    dims,
    kernelSize,
    stride: args.sizes('stride', dims, kernelSize),
    padding:
      ownPaddings(args.value('padding'), dims) ??
      numbered(args.sizes('padding', dims, [0]), kernelSize, (problem) =>
        args.fail(`is not possible: ${problem}`),
      ),
    dilation: args.sizes('dilation', dims, [1]),
    ceilMode: args.flag('ceil_mode', false),
  };
}

export const maxPool =
  (dims: Dims) =>
  (node: Call): OpCall => {
    const names = ['input', 'kernel_size', 'stride', 'padding', 'dilation', 'ceil_mode', 'return_indices'];
    const isTorch = node.target.startsWith('torch.max_pool');
    const args = new CallArguments(node, isTorch ? names.slice(0, 6) : names);
    args.only('return_indices', false);
    const attrs = windowOf(args, dims);
    checkWindow(attrs, (problem) => args.fail(`is not possible: ${problem}`));
    return { op: 'max_pool', operands: [args.operand('input')], attrs };
  };

export const avgPool =
  (dims: Dims) =>
  (node: Call): OpCall => {
    const names = ['input', 'kernel_size', 'stride', 'padding', 'ceil_mode', 'count_include_pad'];
    const args = new CallArguments(node, [
      ...names,
      ...(dims === 1 ? [] : ['divisor_override']),
      // ONNX's, which PyTorch's averages do not have.
      ...(Object.hasOwn(node.kwargs, 'dilation') ? ['dilation'] : []),
    ]);
    const attrs = {
      ...windowOf(args, dims),
      countIncludePad: args.flag('count_include_pad', true),
      divisor: (args.value('divisor_override') ?? null) === null ? null : args.number('divisor_override'),
    };
    checkWindow(attrs, (problem) => args.fail(`is not possible: ${problem}`));
    return { op: 'avg_pool', operands: [args.operand('input')], attrs };
  };

export const adaptivePool =
  (op: Adaptive) =>
  (dims: Dims) =>
  (node: Call): OpCall => {
    const extra = op === 'adaptive_max_pool' ? ['return_indices'] : [];
    const args = new CallArguments(node, ['input', 'output_size', ...extra]);
    if (op === 'adaptive_max_pool') args.only('return_indices', false);
    const given = args.value('output_size') ?? null;
    const outputSize = outputSizes(given, dims, (problem) => args.fail(`is not possible: ${problem}`));
    return { op, operands: [args.operand('input')], attrs: { dims, outputSize } };
  };

/** Paddings that PyTorch cannot say and ONNX can: `[[before, behind], …]` and the modes by name; null for others. */
export function ownPaddings(given: Argument | Attribute | undefined, dims: Dims): Paddings | null {
  if (given === 'same_upper' || given === 'same_lower') return given;
  if (typeof given !== 'object' || given === null || !isList(given) || given.length !== dims) return null;
  const pairs = given.flatMap((pair: Argument): Padding[] => {
    if (typeof pair !== 'object' || pair === null || !isList(pair)) return [];
    const [before, behind, ...more] = pair;
    return typeof before === 'number' && typeof behind === 'number' && more.length === 0
      ? [[before, behind]]
      : [];
  });
  return pairs.length === dims ? pairs : null;
}

/** `7`, `[7, null]` or `null`: a number for each dimension, or null for one that stays. */
function outputSizes(
  given: unknown,
  dims: Dims,
  fail: (problem: string) => never,
): readonly (number | null)[] {
  const isSize = (size: unknown): size is number | null =>
    size === null || (typeof size === 'number' && Number.isInteger(size) && size > 0);
  const list: readonly unknown[] = Array.isArray(given) ? given : new Array<unknown>(dims).fill(given);
  const spread = list.length === 1 ? new Array<unknown>(dims).fill(list[0]) : list;
  return spread.length === dims && spread.every(isSize)
    ? spread
    : fail(
        `output_size must be one or ${dims} whole numbers above 0 (or None), got ${JSON.stringify(given)}`,
      );
}

function checkWindow(
  window: {
    readonly kernelSize: readonly number[];
    readonly stride: readonly number[];
    readonly padding: Paddings;
    readonly dilation: readonly number[];
  },
  fail: (problem: string) => never,
): void {
  const { kernelSize, stride, padding, dilation } = window;
  if ([...kernelSize, ...stride, ...dilation].some((size) => size < 1))
    fail('kernel size, stride and dilation must be 1 or more');
  if (typeof padding === 'string') return;
  if (padding.flat().some((size) => size < 0)) fail('padding must not be negative');
}

/** As numbers, within PyTorch's own limit (torch/aten, `pool2d_shape_check`). */
function numbered(
  padding: readonly number[],
  kernelSize: readonly number[],
  fail: (problem: string) => never,
): readonly Padding[] {
  if (padding.some((size, i) => size > (kernelSize[i] ?? 0) / 2))
    fail(
      `padding [${padding.join(', ')}] must be at most half of the kernel size [${kernelSize.join(', ')}]`,
    );
  return padding.map((size) => [size, size]);
}
