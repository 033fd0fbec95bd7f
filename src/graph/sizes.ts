import type { GraphIndex } from './graph';
import type { NodeName } from './ids';
import { type Argument, isList, isNodeRef, type Node, type NodeRef, readsOf } from './node';
import { type Dim, productOf, UNKNOWN_DIM } from './shape';

/*
 * Sizes that a network reads from its tensors and computes with: `x.size(0)`, `x.shape[0]`, `b, c, h, w = x.shape`,
 * `d // 2`, `x.size()[:-1] + (heads, d // heads)`. They are numbers and lists of numbers, no tensors.
 */

/** A number of a shape as a call has it: the number itself, or the node that computes it (or several, as a list). */
export type Extent = number | NodeRef;

/** What a computation of sizes takes. */
export type SizeTerm = Extent | readonly Extent[];

export type SizeFunction =
  | 'add'
  | 'sub'
  | 'mul'
  | 'floordiv'
  | 'mod'
  | 'truediv'
  | 'pow'
  | 'sqrt'
  | 'floor'
  | 'ceil'
  | 'min'
  | 'max';

export type SizeRule =
  /** One dimension of the operand, or all of them (null). */
  | { readonly kind: 'shape'; readonly dim: number | null }
  /** One number of a list. */
  | { readonly kind: 'pick'; readonly list: NodeRef; readonly position: number }
  /** A part of a list. */
  | {
      readonly kind: 'slice';
      readonly list: NodeRef;
      readonly start: number | null;
      readonly stop: number | null;
      readonly step: number;
    }
  /** Python's operators and some functions of numbers; of two lists, `add` joins them. */
  | {
      readonly kind: 'compute';
      readonly function: SizeFunction;
      readonly terms: readonly SizeTerm[];
    };

/** A number, or a list of them; a dimension that is not known is a name, as in shapes. */
export type SizeValue = Dim | readonly Dim[];

export type SizeKind = 'number' | 'list';

export const SIZE_FUNCTIONS: ReadonlyMap<string, SizeFunction> = new Map([
  ['operator.add', 'add'],
  ['operator.sub', 'sub'],
  ['operator.mul', 'mul'],
  ['operator.floordiv', 'floordiv'],
  ['operator.mod', 'mod'],
  ['operator.truediv', 'truediv'],
  ['operator.pow', 'pow'],
  ['math.sqrt', 'sqrt'],
  ['math.floor', 'floor'],
  ['math.ceil', 'ceil'],
  // Python's own, which FX prints without a module.
  ['min', 'min'],
  ['max', 'max'],
]);

const KINDS = new WeakMap<GraphIndex, ReadonlyMap<NodeName, SizeKind>>();

/** The nodes of a graph that give sizes, and which of them give one number. */
export function sizeNodes(index: GraphIndex): ReadonlyMap<NodeName, SizeKind> {
  const known = KINDS.get(index);
  if (known) return known;
  const kinds = new Map<NodeName, SizeKind>();
  for (const node of index.graph.nodes) {
    const kind = kindOf(node, kinds);
    if (kind) kinds.set(node.name, kind);
  }
  KINDS.set(index, kinds);
  return kinds;
}

function kindOf(node: Node, kinds: ReadonlyMap<NodeName, SizeKind>): SizeKind | null {
  if (node.op === 'call_method' && node.target === 'size')
    return (node.args[1] ?? node.kwargs.dim ?? null) === null ? 'list' : 'number';
  if (node.op !== 'call_function') return null;
  if (node.target === 'getattr') return node.args[1] === 'shape' ? 'list' : null;
  const reads = readsOf(node);
  if (reads.length === 0 || reads.some((name) => !kinds.has(name))) return null;
  if (node.target === 'operator.getitem') return typeof node.args[1] === 'number' ? 'number' : 'list';
  if (!SIZE_FUNCTIONS.has(node.target)) return null;
  const isListed = (arg: Argument) =>
    (isNodeRef(arg) && kinds.get(arg.node) === 'list') ||
    (typeof arg === 'object' && arg !== null && isList(arg));
  return node.args.some(isListed) ? 'list' : 'number';
}

/** The numbers of a shape as far as they are known; null where even their count is not. */
export function expandExtents(
  extents: readonly Extent[],
  sizeOf: (name: NodeName) => SizeValue | null,
): readonly Dim[] | null {
  const dims: Dim[] = [];
  for (const extent of extents) {
    const value = typeof extent === 'number' ? extent : sizeOf(extent.node);
    if (value === null) return null;
    if (typeof value === 'object') dims.push(...value);
    else dims.push(value);
  }
  return dims;
}

/** One number of a shape; unknown where it is not a number. */
export function extentDim(extent: Extent, sizeOf: (name: NodeName) => SizeValue | null): Dim {
  const value = typeof extent === 'number' ? extent : sizeOf(extent.node);
  return value === null || typeof value === 'object' ? UNKNOWN_DIM : value;
}

/** What a rule gives for an operand of a shape; null for a list of unknown length. Where an index lies outside, unknown. */
export function evaluateSize(
  rule: SizeRule,
  shape: readonly Dim[] | null,
  sizeOf: (name: NodeName) => SizeValue | null,
): SizeValue | null {
  switch (rule.kind) {
    case 'shape':
      return rule.dim === null ? shape : at(shape, rule.dim);
    case 'pick':
      return at(sizeOf(rule.list.node), rule.position);
    case 'slice': {
      const list = sizeOf(rule.list.node);
      if (!isListValue(list)) return null;
      const part = list.slice(rule.start ?? 0, rule.stop ?? list.length);
      return part.filter((_, i) => i % rule.step === 0);
    }
    case 'compute': {
      const [a = null, b = 1] = rule.terms.map((term) => termValue(term, sizeOf));
      return compute(rule.function, a, b);
    }
    default:
      return rule satisfies never;
  }
}

function termValue(term: SizeTerm, sizeOf: (name: NodeName) => SizeValue | null): SizeValue | null {
  if (typeof term === 'number') return term;
  return 'node' in term ? sizeOf(term.node) : expandExtents(term, sizeOf);
}

const isListValue = (value: SizeValue | null): value is readonly Dim[] =>
  typeof value === 'object' && value !== null;

function at(list: SizeValue | null, position: number): Dim {
  return (isListValue(list) ? list.at(position) : undefined) ?? UNKNOWN_DIM;
}

function compute(name: SizeFunction, a: SizeValue | null, b: SizeValue | null): SizeValue | null {
  if (a === null || b === null) return null;
  if (isListValue(a) || isListValue(b))
    return name === 'add' && isListValue(a) && isListValue(b) ? [...a, ...b] : null;
  if (typeof a === 'number' && typeof b === 'number') return NUMBERS[name](a, b);
  if (name === 'mul') return productOf([a, b]);
  // A size is whole by itself.
  if ((name === 'floor' || name === 'ceil') && typeof a === 'string') return a;
  return NEUTRAL[name] === b ? a : UNKNOWN_DIM;
}

/** Python's operators on numbers. */
const NUMBERS: { readonly [F in SizeFunction]: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  floordiv: (a, b) => Math.floor(a / b),
  mod: (a, b) => a - b * Math.floor(a / b),
  truediv: (a, b) => a / b,
  pow: (a, b) => a ** b,
  sqrt: (a) => Math.sqrt(a),
  floor: (a) => Math.floor(a),
  ceil: (a) => Math.ceil(a),
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
};

/** The second operand that leaves any number as it is. */
const NEUTRAL: { readonly [F in SizeFunction]: number | null } = {
  add: 0,
  sub: 0,
  mul: 1,
  floordiv: 1,
  mod: null,
  truediv: 1,
  pow: 1,
  sqrt: null,
  floor: null,
  ceil: null,
  min: null,
  max: null,
};
