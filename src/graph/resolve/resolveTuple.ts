import type { GraphIndex } from '../graph';
import type { Model } from '../model';
import { type Argument, isNodeRef, type Node } from '../node';
import type { Cut, OpCall } from '../op';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';
import { extentArgument, extentArguments, sizeOperands } from './resolveSize';

/*
 * Functions that give several tensors. Such a node computes nothing: what takes a part of it, `operator.getitem` or the
 * attribute `values`, is the op that makes that part of the function's operand.
 */

/** What part `part` of a tuple is. */
type PartRule = (node: Call, part: number, index: GraphIndex, model: Model) => OpCall;

const split: PartRule = (node, part, index) => {
  const args = new CallArguments(node, ['input', 'split_size_or_sections', 'dim']);
  const named = node.kwargs.split_size === undefined ? 'split_size_or_sections' : 'split_size';
  const call = named === 'split_size' ? new CallArguments(node, ['input', 'split_size', 'dim']) : args;
  const sections = call.value(named);
  const cut: Cut = Array.isArray(sections)
    ? { kind: 'sizes', sizes: extentArguments(call, named, index) ?? [] }
    : { kind: 'each', size: extentArgument(call, named, index) };
  if (cut.kind === 'sizes' && (part >= cut.sizes.length || part < -cut.sizes.length))
    return call.fail(`gives ${cut.sizes.length} parts; part ${part} is asked for`);
  return {
    op: 'split',
    operands: [call.operand('input'), ...sizeOperands(cut.kind === 'sizes' ? cut.sizes : [cut.size])],
    attrs: { dim: call.number('dim', 0), part, cut },
  };
};

const chunk: PartRule = (node, part) => {
  const args = new CallArguments(node, ['input', 'chunks', 'dim']);
  const cut: Cut = { kind: 'chunks', count: args.number('chunks') };
  return { op: 'split', operands: [args.operand('input')], attrs: { dim: args.number('dim', 0), part, cut } };
};

/** One place of an axis, which goes. */
const unbind: PartRule = (node, part) => {
  const args = new CallArguments(node, ['input', 'dim']);
  const dim = args.number('dim', 0);
  const whole = { kind: 'slice', start: null, stop: null, step: 1 } as const;
  const at = { kind: 'at', position: part } as const;
  const index =
    dim >= 0
      ? [...new Array<typeof whole>(dim).fill(whole), at]
      : [{ kind: 'rest' } as const, at, ...new Array<typeof whole>(-dim - 1).fill(whole)];
  return { op: 'getitem', operands: [args.operand('input')], attrs: { index } };
};

const topk: PartRule = (node, part) => {
  const args = new CallArguments(node, ['input', 'k', 'dim', 'largest', 'sorted']);
  if (part !== 0 && part !== 1) return args.fail(`gives values and indices; part ${part} is asked for`);
  return {
    op: 'topk',
    operands: [args.operand('input')],
    attrs: {
      count: args.number('k'),
      dim: args.number('dim', -1),
      largest: args.flag('largest', true),
      output: part === 0 ? 'values' : 'indices',
    },
  };
};

/** `torch.max(x, dim)` gives the largest of an axis and its place; without a dim, or with a tensor, it is no tuple. */
const extremum =
  (values: 'amax' | 'amin', indices: 'argmax' | 'argmin'): PartRule =>
  (node, part) => {
    const args = new CallArguments(node, ['input', 'dim', 'keepdim']);
    const operands = [args.operand('input')];
    const [dim, keepDim] = [args.number('dim'), args.flag('keepdim', false)];
    if (part !== 0 && part !== 1) return args.fail(`gives values and indices; part ${part} is asked for`);
    return part === 0
      ? { op: 'reduce', operands, attrs: { fn: values, dims: [dim], keepDim } }
      : { op: 'arg_reduce', operands, attrs: { fn: indices, dim, keepDim } };
  };

const largest = extremum('amax', 'argmax');
const smallest = extremum('amin', 'argmin');

const FUNCTIONS: Readonly<Record<string, PartRule>> = {
  'torch.split': split,
  'torch.functional.split': split,
  'torch.split_with_sizes': split,
  'torch.chunk': chunk,
  'torch.unbind': unbind,
  'torch.topk': topk,
  'torch.max': largest,
  'torch.min': smallest,
};

const METHODS: Readonly<Record<string, PartRule>> = {
  split,
  split_with_sizes: split,
  chunk,
  unbind,
  topk,
  max: largest,
  min: smallest,
};

function partRule(node: Node | undefined): PartRule | null {
  if (node?.op !== 'call_function' && node?.op !== 'call_method') return null;
  const rules = node.op === 'call_function' ? FUNCTIONS : METHODS;
  const rule = Object.hasOwn(rules, node.target) ? (rules[node.target] ?? null) : null;
  const isExtremum = rule === largest || rule === smallest;
  return isExtremum && typeof (node.args[1] ?? node.kwargs.dim) !== 'number' ? null : rule;
}

/** Whether a node gives several tensors. */
export const isTuple = (node: Node | undefined): boolean => partRule(node) !== null;

/** Names of the parts of `torch.topk`'s result. */
const NAMED: ReadonlyMap<Argument | undefined, number> = new Map<Argument | undefined, number>([
  ['values', 0],
  ['indices', 1],
]);

/** What a node of a tuple, or one that takes a part of it, means; null for any other node. */
export function resolveTuple(model: Model, index: GraphIndex, node: Call): OpCall | null {
  if (isTuple(node)) return { op: 'tuple', operands: [], attrs: {} };
  const [source, place] = node.args;
  const tuple = isNodeRef(source) ? index.find(source.node) : undefined;
  const rule = partRule(tuple);
  if (!rule || !tuple || (tuple.op !== 'call_function' && tuple.op !== 'call_method')) return null;
  const args = new CallArguments(node, ['input', 'index']);
  const part = node.target === 'getattr' ? NAMED.get(place) : place;
  if (node.op !== 'call_function' || (node.target !== 'operator.getitem' && node.target !== 'getattr'))
    return args.fail(`reads '${tuple.name}', which gives several tensors; take one of them by its number`);
  if (typeof part !== 'number') return args.fail(`takes part ${JSON.stringify(place)}; a number is needed`);
  return rule(tuple, part, index, model);
}

/** The nodes that read a value, those behind a tuple of it among them. */
export const readersThroughTuples = (index: GraphIndex, name: Node['name']): readonly Node[] =>
  index.users(name).flatMap((user) => (isTuple(user) ? [...readersThroughTuples(index, user.name)] : [user]));
