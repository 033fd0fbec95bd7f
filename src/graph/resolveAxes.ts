import { CallArguments, integerList } from './callArguments';
import { type Argument, type CallFunction, type CallMethod, isList, type SliceArgument } from './node';
import type { IndexPart, OpCall } from './op';

/* Functions and methods that pick, join, drop or reorder axes. */

type Call = CallFunction | CallMethod;

export function cat(node: Call): OpCall {
  // `axis` is NumPy's name for the same argument.
  const args = new CallArguments(
    node,
    ['tensors', 'dim', 'axis'].slice(0, node.kwargs.axis === undefined ? 2 : 3),
  );
  const dim = args.value('axis') === undefined ? args.number('dim', 0) : args.number('axis');
  return { op: 'cat', operands: args.operandList('tensors'), attrs: { dim } };
}

/** `torch.permute(x, (0, 2, 1))`, `x.permute(0, 2, 1)`. */
export function permute(node: Call): OpCall {
  const input = new CallArguments({ ...node, args: node.args.slice(0, 1), kwargs: {} }, ['input']);
  const named = node.kwargs.dims;
  const call = named === undefined ? node : { ...node, args: [node.args[0] ?? null, named] };
  return { op: 'permute', operands: [input.operand('input')], attrs: { order: integerList(call, 1) } };
}

export function mean(node: Call): OpCall {
  const args = new CallArguments(node, ['input', 'dim', 'keepdim', 'dtype']);
  args.only('dtype', null);
  return {
    op: 'mean',
    operands: [args.operand('input')],
    attrs: { dims: args.integers('dim'), keepDim: args.flag('keepdim', false) },
  };
}

export function squeeze(node: Call): OpCall {
  const args = new CallArguments(node, ['input', 'dim']);
  return { op: 'squeeze', operands: [args.operand('input')], attrs: { dims: args.integers('dim') } };
}

export function unsqueeze(node: Call): OpCall {
  const args = new CallArguments(node, ['input', 'dim']);
  return { op: 'unsqueeze', operands: [args.operand('input')], attrs: { dim: args.number('dim') } };
}

/** `x[:, 0]`: whole numbers, slices, None and an ellipsis; an index that is a list of numbers or a tensor is refused. */
export function getitem(node: Call): OpCall {
  const args = new CallArguments(node, ['input', 'index']);
  const index = args.value('index') ?? null;
  const parts = isTuple(index) ? index : [index];
  const read = parts.map((part) => indexPart(part, args));
  if (read.filter((part) => part.kind === 'rest').length > 1)
    args.fail('has an index with more than one ellipsis');
  return { op: 'getitem', operands: [args.operand('input')], attrs: { index: read } };
}

const isTuple = (index: Argument): index is readonly Argument[] =>
  typeof index === 'object' && index !== null && isList(index);

function indexPart(part: Argument, args: CallArguments): IndexPart {
  if (part === null) return { kind: 'new' };
  if (typeof part === 'number' && Number.isInteger(part)) return { kind: 'at', position: part };
  if (typeof part === 'object' && !isList(part) && 'ellipsis' in part) return { kind: 'rest' };
  if (typeof part !== 'object' || isList(part) || !('slice' in part))
    return args.fail(
      `is indexed with ${JSON.stringify(part)}; whole numbers, slices of them, None and an ellipsis are supported`,
    );
  return slicePart(part, args);
}

function slicePart({ slice: [start, stop, step] }: SliceArgument, args: CallArguments): IndexPart {
  const constant = (bound: Argument): number | null => {
    if (bound === null || (typeof bound === 'number' && Number.isInteger(bound))) return bound;
    return args.fail(`is indexed with a slice of ${JSON.stringify(bound)}; only constants are supported`);
  };
  const by = constant(step) ?? 1;
  if (by < 1) return args.fail(`is indexed with step ${by}; PyTorch takes steps of 1 or more`);
  return { kind: 'slice', start: constant(start), stop: constant(stop), step: by };
}
