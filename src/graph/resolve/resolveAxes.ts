import type { GraphIndex } from '../graph';
import { type Argument, isList, isNodeRef, type SliceArgument } from '../node';
import type { IndexPart, OpCall, Operand } from '../op';
import { type Extent, sizeNodes } from '../sizes';
import { CallArguments, integerList } from './callArguments';
import type { Call } from './callRule';

/* Functions and methods that pick, join, drop or reorder axes. */

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

/** `x[:, 0, :n]`: whole numbers and sizes, slices of them, None and an ellipsis. */
export function getitem(node: Call, graph: GraphIndex): OpCall {
  const args = new CallArguments(node, ['input', 'index']);
  const index = args.value('index') ?? null;
  const parts = isTuple(index) ? index : [index];
  const read = parts.map((part) => indexPart(part, args, graph));
  if (read.filter((part) => part.kind === 'rest').length > 1)
    args.fail('has an index with more than one ellipsis');
  const bounds = read.flatMap((part) =>
    part.kind === 'at' ? [part.position] : part.kind === 'slice' ? [part.start ?? 0, part.stop ?? 0] : [],
  );
  const sizes = bounds.flatMap((bound): readonly Operand[] =>
    typeof bound === 'number' ? [] : [{ kind: 'size', node: bound.node }],
  );
  return { op: 'getitem', operands: [args.operand('input'), ...sizes], attrs: { index: read } };
}

const isTuple = (index: Argument): index is readonly Argument[] =>
  typeof index === 'object' && index !== null && isList(index);

const isExtent = (bound: Argument, graph: GraphIndex): bound is Extent =>
  (typeof bound === 'number' && Number.isInteger(bound)) ||
  (isNodeRef(bound) && sizeNodes(graph).get(bound.node) === 'number');

function indexPart(part: Argument, args: CallArguments, graph: GraphIndex): IndexPart {
  if (part === null) return { kind: 'new' };
  if (isExtent(part, graph)) return { kind: 'at', position: part };
  if (typeof part === 'object' && !isList(part) && 'ellipsis' in part) return { kind: 'rest' };
  if (typeof part !== 'object' || isList(part) || !('slice' in part))
    return args.fail(
      `is indexed with ${JSON.stringify(part)}; whole numbers, slices of them, None and an ellipsis are supported`,
    );
  return slicePart(part, args, graph);
}

function slicePart(
  { slice: [start, stop, step] }: SliceArgument,
  args: CallArguments,
  graph: GraphIndex,
): IndexPart {
  const extent = (bound: Argument): Extent | null => {
    if (bound === null || isExtent(bound, graph)) return bound;
    return args.fail(
      `is indexed with a slice of ${JSON.stringify(bound)}; whole numbers and sizes of tensors are supported`,
    );
  };
  const by = step ?? 1;
  if (typeof by !== 'number' || by < 1)
    return args.fail(`is indexed with step ${JSON.stringify(by)}; PyTorch takes steps of 1 or more`);
  return { kind: 'slice', start: extent(start), stop: extent(stop), step: by };
}
