import type { GraphIndex } from '../graph';
import { type Argument, isList, isNodeRef, type Node } from '../node';
import type { OpAttrs, OpCall, Operand } from '../op';
import { sizeNodes } from '../sizes';
import { CallArguments, integerList } from './callArguments';
import type { Call, CallRule } from './callRule';
import { extentArgument, extentList, shapeOperand, sizeOperands } from './resolveSize';

/* Functions and methods that repeat, pick, join and rearrange along axes. */

/** The first argument alone: those behind it are read as a list. */
const inputOf = (node: Call): Operand =>
  new CallArguments({ ...node, args: node.args.slice(0, 1), kwargs: inputOnly(node) }, ['input']).operand(
    'input',
  );

const inputOnly = ({ kwargs: { input } }: Node): Readonly<Record<string, Argument>> =>
  input === undefined ? {} : { input };

/** A shape behind the first argument, as one list, spread, or by name. */
const shapeOf = (node: Call, index: GraphIndex, names: readonly string[]) => {
  const named = names.map((name) => node.kwargs[name]).find((value) => value !== undefined);
  const call = named === undefined ? node : { ...node, args: [node.args[0] ?? null, named] };
  return extentList(index, call, 1);
};

/** `x.expand(2, -1)`, `torch.broadcast_to(x, (2, -1))`. */
export const expand: CallRule = (node, _, index) => {
  const shape = shapeOf(node, index, ['size', 'sizes', 'implicit']);
  return { op: 'expand', operands: [inputOf(node), ...sizeOperands(shape)], attrs: { shape } };
};

export const repeat: CallRule = (node, _, index) => {
  const repeats = shapeOf(node, index, ['dims', 'sizes', 'repeats']);
  return { op: 'repeat', operands: [inputOf(node), ...sizeOperands(repeats)], attrs: { repeats } };
};

/** `x.view_as(y)`, `x.expand_as(y)`: of y only the shape counts. */
export const shapedAs =
  (op: 'reshape' | 'expand'): CallRule =>
  (node) => {
    const args = new CallArguments(node, ['input', 'other']);
    const other = args.value('other');
    if (!isNodeRef(other)) return args.fail("needs a tensor for 'other'");
    return { op, operands: [args.operand('input'), shapeOperand(other)], attrs: { shape: [other] } };
  };

export const stack: CallRule = (node) => {
  const args = new CallArguments(node, ['tensors', 'dim']);
  return { op: 'stack', operands: args.operandList('tensors'), attrs: { dim: args.number('dim', 0) } };
};

export const gather: CallRule = (node) => {
  const args = new CallArguments(node, ['input', 'dim', 'index', 'sparse_grad']);
  return {
    op: 'gather',
    operands: [args.operand('input'), args.operand('index')],
    attrs: { dim: args.number('dim') },
  };
};

export const indexSelect: CallRule = (node) => {
  const args = new CallArguments(node, ['input', 'dim', 'index']);
  return {
    op: 'index_select',
    operands: [args.operand('input'), args.operand('index')],
    attrs: { dim: args.number('dim'), index: null },
  };
};

/** One axis of an index and all others whole. */
const alongAxis = (dim: number, part: OpAttrs['getitem']['index'][number]): OpAttrs['getitem'] => {
  const whole = { kind: 'slice', start: null, stop: null, step: 1 } as const;
  return dim >= 0
    ? { index: [...new Array<typeof whole>(dim).fill(whole), part] }
    : { index: [{ kind: 'rest' }, part, ...new Array<typeof whole>(-dim - 1).fill(whole)] };
};

/** `x.narrow(dim, start, length)`; where the start counts from the end, the part must not reach it. */
export const narrow: CallRule = (node) => {
  const args = new CallArguments(node, ['input', 'dim', 'start', 'length']);
  const [start, length] = [args.number('start'), args.number('length')];
  const stop = start < 0 && start + length >= 0 ? null : start + length;
  return {
    op: 'getitem',
    operands: [args.operand('input')],
    attrs: alongAxis(args.number('dim'), { kind: 'slice', start, stop, step: 1 }),
  };
};

export const select: CallRule = (node, _, index) => {
  const args = new CallArguments(node, ['input', 'dim', 'index']);
  const position = extentArgument(args, 'index', index);
  return {
    op: 'getitem',
    operands: [args.operand('input'), ...sizeOperands([position])],
    attrs: alongAxis(args.number('dim', 0), { kind: 'at', position }),
  };
};

export const flip: CallRule = (node) => {
  const named = node.kwargs.dims;
  const call = named === undefined ? node : { ...node, args: [node.args[0] ?? null, named] };
  return { op: 'flip', operands: [inputOf(node)], attrs: { dims: integerList(call, 1) } };
};

export const roll: CallRule = (node) => {
  const args = new CallArguments(node, ['input', 'shifts', 'dims']);
  const shifts = args.integers('shifts') ?? [];
  const dims = args.integers('dims') ?? [];
  if (shifts.length !== Math.max(1, dims.length))
    return args.fail(`has ${shifts.length} shifts for ${dims.length} dims; one a dim is needed`);
  return { op: 'roll', operands: [args.operand('input')], attrs: { shifts, dims } };
};

export const trilu =
  (upper: boolean): CallRule =>
  (node) => {
    const args = new CallArguments(node, ['input', 'diagonal']);
    return {
      op: 'trilu',
      operands: [args.operand('input')],
      attrs: { upper, diagonal: args.number('diagonal', 0) },
    };
  };

export const pixels =
  (op: 'pixel_shuffle' | 'pixel_unshuffle', factor: string): CallRule =>
  (node) => {
    const args = new CallArguments(node, ['input', factor]);
    return { op, operands: [args.operand('input')], attrs: { factor: args.number(factor) } };
  };

/** `x.t()` exchanges the axes of a matrix. */
export const matrixTranspose: CallRule = (node) => ({
  op: 'transpose',
  operands: [new CallArguments(node, ['input']).operand('input')],
  attrs: { dim0: 0, dim1: 1 },
});

/** Python's `x[index]` where one part of the index is a list of positions or a tensor; null for any other index. */
export function tensorIndex(node: Call, index: GraphIndex): OpCall | null {
  const args = new CallArguments(node, ['input', 'index']);
  const given = args.value('index') ?? null;
  const parts: readonly Argument[] = Array.isArray(given) ? given : [given];
  const isSelection = (part: Argument) =>
    Array.isArray(part) || (isNodeRef(part) && !sizeNodes(index).has(part.node));
  const at = parts.findIndex(isSelection);
  const part = parts[at];
  if (part === undefined) return null;
  const others = parts.filter((_, i) => i !== at);
  const rest = parts.findIndex(isEllipsis);
  if (!others.every((other) => isEllipsis(other) || isWhole(other)))
    return args.fail(
      'is indexed with a list or a tensor beside other indices; one of them at a time is supported',
    );
  const dim = rest >= 0 && rest < at ? at - parts.length : at;
  const picked = Array.isArray(part) ? part.map((item: Argument) => positionOf(item, args)) : null;
  return {
    op: 'index_select',
    operands: [
      args.operand('input'),
      ...(isNodeRef(part) ? [{ kind: 'node', node: part.node } as const] : []),
    ],
    attrs: { dim, index: picked },
  };
}

const positionOf = (item: Argument, args: CallArguments): number =>
  typeof item === 'number' && Number.isInteger(item)
    ? item
    : args.fail(`is indexed with a list that holds ${JSON.stringify(item)}; whole numbers are supported`);

const isEllipsis = (part: Argument): boolean =>
  typeof part === 'object' && part !== null && 'ellipsis' in part;
const isWhole = (part: Argument): boolean =>
  typeof part === 'object' &&
  part !== null &&
  !isList(part) &&
  'slice' in part &&
  part.slice.every((bound) => bound === null);
