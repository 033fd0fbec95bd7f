import { GraphError } from '../errors';
import type { GraphIndex } from '../graph';
import { type Argument, isNodeRef, type NodeRef } from '../node';
import type { OpCall, Operand } from '../op';
import {
  type Extent,
  SIZE_FUNCTIONS,
  type SizeFunction,
  type SizeRule,
  type SizeTerm,
  sizeNodes,
} from '../sizes';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';
import { getitem } from './resolveAxes';

/** What a node that gives sizes computes; null for any other node. */
export function resolveSize(index: GraphIndex, node: Call): OpCall | null {
  if (!sizeNodes(index).has(node.name)) return null;
  if (node.op === 'call_method') {
    const args = new CallArguments(node, ['input', 'dim']);
    const dim = args.value('dim') ?? null;
    return sizeCall({ kind: 'shape', dim: dim === null ? null : wholeNumber(args, dim) }, [
      args.operand('input'),
    ]);
  }
  if (node.target === 'getattr') {
    const args = new CallArguments(node, ['input', 'name']);
    return sizeCall({ kind: 'shape', dim: null }, [args.operand('input')]);
  }
  return node.target === 'operator.getitem' ? pickOrSlice(index, node) : computation(index, node);
}

const sizeCall = (rule: SizeRule, operands: readonly Operand[]): OpCall => ({
  op: 'size',
  operands,
  attrs: { rule },
});

const sizeOperand = ({ node }: NodeRef): Operand => ({ kind: 'size', node });

/** A tensor that is read for its shape alone. */
export const shapeOperand = ({ node }: NodeRef): Operand => ({ kind: 'shape', node });

function wholeNumber(args: CallArguments, value: Argument): number {
  return typeof value === 'number' && Number.isInteger(value)
    ? value
    : args.fail(`needs a whole number for 'dim', got ${JSON.stringify(value)}`);
}

/** `size[0]`, `size[:-1]`. */
function pickOrSlice(index: GraphIndex, node: Call): OpCall {
  const args = new CallArguments(node, ['input', 'index']);
  const list = args.value('input');
  const call = getitem(node, index);
  const [part, ...others] = call.op === 'getitem' ? call.attrs.index : [];
  if (!isNodeRef(list) || sizeNodes(index).get(list.node) !== 'list' || others.length > 0)
    return args.fail('takes one index of a list of sizes');
  if (part?.kind === 'at' && typeof part.position === 'number')
    return sizeCall({ kind: 'pick', list, position: part.position }, [sizeOperand(list)]);
  if (part?.kind !== 'slice' || isNodeRef(part.start) || isNodeRef(part.stop))
    return args.fail('takes a whole number or a slice of a list of sizes, with constant bounds');
  const { start, stop, step } = part;
  return sizeCall({ kind: 'slice', list, start, stop, step }, [sizeOperand(list)]);
}

function computation(index: GraphIndex, node: Call): OpCall {
  const name = SIZE_FUNCTIONS.get(node.target);
  const names = name && ONE_TERM.has(name) ? ['a'] : ['a', 'b'];
  const args = new CallArguments(node, names);
  if (!name) return args.fail('computes no size');
  const terms = names.map((term) => sizeTerm(args, args.value(term)));
  const lists = terms.filter((term) => isListed(index, term)).length;
  if (lists > 0 && (lists < terms.length || name !== 'add'))
    return args.fail('computes with a list of sizes; only another list can be joined to it');
  const extents = terms.flatMap((term) => (typeof term === 'number' || 'node' in term ? [term] : term));
  return sizeCall({ kind: 'compute', function: name, terms }, sizeOperands(extents));
}

const ONE_TERM: ReadonlySet<SizeFunction> = new Set<SizeFunction>(['sqrt', 'floor', 'ceil']);

const isListed = (index: GraphIndex, term: SizeTerm): boolean =>
  typeof term !== 'number' && (!('node' in term) || sizeNodes(index).get(term.node) === 'list');

function sizeTerm(args: CallArguments, value: Argument | undefined): SizeTerm {
  if (typeof value === 'number' || isNodeRef(value)) return value;
  if (Array.isArray(value) && value.every(isExtent)) return value;
  return args.fail(
    `computes with ${JSON.stringify(value)}; numbers, sizes of tensors and lists of them are supported`,
  );
}

const isExtent = (item: Argument): item is Extent => typeof item === 'number' || isNodeRef(item);

/** A shape given as one list or spread over the arguments (`x.view(n, -1)`, `x.view([n, -1])`, `x.view(sizes)`). */
export function extentList(index: GraphIndex, node: Call, from: number): readonly Extent[] {
  const rest = node.args.slice(from);
  const list: readonly Argument[] = rest.length === 1 && Array.isArray(rest[0]) ? rest[0] : rest;
  return list.map((item) => {
    if (typeof item === 'number' && Number.isInteger(item)) return item;
    if (isNodeRef(item) && sizeNodes(index).has(item.node)) return item;
    throw new GraphError(
      `Node '${node.name}' (${node.target}) needs whole numbers and sizes of tensors for a shape; ${JSON.stringify(item)} is neither.`,
      node.name,
    );
  });
}

/** A whole number, or a size. */
export function extentArgument(
  args: CallArguments,
  name: string,
  index: GraphIndex,
  fallback?: number,
): Extent {
  const value = args.value(name) ?? fallback;
  if (typeof value === 'number') return value;
  return isNodeRef(value) && sizeNodes(index).has(value.node)
    ? value
    : args.fail(`needs a number or the size of a tensor for '${name}', got ${JSON.stringify(value)}`);
}

/** One number or size, or a list of them; null where the argument is absent or None. */
export function extentArguments(
  args: CallArguments,
  name: string,
  index: GraphIndex,
): readonly Extent[] | null {
  const value = args.value(name) ?? null;
  if (value === null) return null;
  const list: readonly Argument[] = Array.isArray(value) ? value : [value];
  return list.map((item) =>
    typeof item === 'number' || (isNodeRef(item) && sizeNodes(index).has(item.node))
      ? item
      : args.fail(`needs numbers or sizes of tensors for '${name}', got ${JSON.stringify(value)}`),
  );
}

/** The operands that a shape is computed from. */
export const sizeOperands = (extents: readonly Extent[]): readonly Operand[] =>
  extents.flatMap((extent) => (typeof extent === 'number' ? [] : [sizeOperand(extent)]));

/** Ops of tensors that take a number too, which may be a size: `x / x.size(-1)`. */
const TAKES_NUMBERS: ReadonlySet<OpCall['op']> = new Set<OpCall['op']>([
  'add',
  'sub',
  'mul',
  'div',
  'binary',
  'where',
]);

/** Tells sizes from tensors among a call's operands. Throws a GraphError where a tensor is needed and a size given. */
export function withSizeOperands(index: GraphIndex, call: OpCall, node: Call): OpCall {
  const sizes = sizeNodes(index);
  if (call.op === 'size' || !call.operands.some((o) => o.kind === 'node' && sizes.has(o.node))) return call;
  const operands = call.operands.map((operand): Operand => {
    const kind = operand.kind === 'node' ? sizes.get(operand.node) : undefined;
    if (operand.kind !== 'node' || kind === undefined) return operand;
    if (kind === 'number' && TAKES_NUMBERS.has(call.op)) return { kind: 'size', node: operand.node };
    throw new GraphError(
      `Node '${node.name}' (${node.target}) needs a tensor; '${operand.node}' is ${kind === 'list' ? 'a list of sizes' : 'a size'}.`,
      node.name,
    );
  });
  return { ...call, operands };
}
