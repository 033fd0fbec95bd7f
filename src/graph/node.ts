import type { ModuleName, NodeName, ParamName } from './ids';

/** FX's arguments (torch/fx/node.py, `Argument`): immediate values, nodes, and nested lists of them. */
export type Argument =
  | number
  | string
  | boolean
  | null
  | NodeRef
  | SliceArgument
  | DTypeArgument
  | EllipsisArgument
  | DictArgument
  | readonly Argument[];

export interface NodeRef {
  readonly node: NodeName;
}
export interface SliceArgument {
  readonly slice: readonly [Argument, Argument, Argument];
}
export interface DTypeArgument {
  readonly dtype: string;
}
export interface EllipsisArgument {
  readonly ellipsis: true;
}
export interface DictArgument {
  readonly dict: Readonly<Record<string, Argument>>;
}

interface NodeOf<O extends string, T extends string> {
  readonly name: NodeName;
  readonly op: O;
  readonly target: T;
  readonly args: readonly Argument[];
  readonly kwargs: Readonly<Record<string, Argument>>;
}
export type Placeholder = NodeOf<'placeholder', string>;
export type GetAttr = NodeOf<'get_attr', ParamName>;
export type CallFunction = NodeOf<'call_function', string>;
export type CallModule = NodeOf<'call_module', ModuleName>;
export type CallMethod = NodeOf<'call_method', string>;
export type Output = NodeOf<'output', string>;

/** A node of the graph: FX's six opcodes carry everything. */
export type Node = Placeholder | GetAttr | CallFunction | CallModule | CallMethod | Output;
export type Opcode = Node['op'];

export const ref = (node: NodeName): NodeRef => ({ node });

export const isList = (arg: Argument): arg is readonly Argument[] => Array.isArray(arg);

export const isNodeRef = (arg: Argument | undefined): arg is NodeRef =>
  typeof arg === 'object' && arg !== null && !isList(arg) && 'node' in arg;

/** Rebuilds an argument with every node reference replaced by `change(reference)`. */
export function mapRefs(arg: Argument, change: (ref: NodeRef) => Argument): Argument {
  if (typeof arg !== 'object' || arg === null) return arg;
  if (isList(arg)) return arg.map((item) => mapRefs(item, change));
  if ('node' in arg) return change(arg);
  if ('slice' in arg) {
    const [start, stop, step] = arg.slice;
    return { slice: [mapRefs(start, change), mapRefs(stop, change), mapRefs(step, change)] };
  }
  if ('dict' in arg) return { dict: mapRecord(arg.dict, change) };
  return arg;
}

const mapRecord = (record: Readonly<Record<string, Argument>>, change: (ref: NodeRef) => Argument) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, mapRefs(value, change)]));

/** The node with every reference in its arguments replaced. */
export function mapNodeRefs<N extends Node>(node: N, change: (ref: NodeRef) => Argument): N {
  return {
    ...node,
    args: node.args.map((arg) => mapRefs(arg, change)),
    kwargs: mapRecord(node.kwargs, change),
  };
}

/** Names of the nodes that this one reads, in order of appearance, each once (FX's `all_input_nodes`). */
export const inputsOf = (node: Node): readonly NodeName[] => [...new Set(readsOf(node))];

/** Names of the nodes that this one reads, in order, each as often as it stands there: an output may repeat a value. */
export function readsOf(node: Node): readonly NodeName[] {
  const reads: NodeName[] = [];
  mapNodeRefs(node, (reference) => {
    reads.push(reference.node);
    return reference;
  });
  return reads;
}

/** The node that a call's `input` is bound to, by position or by name; null when it is none. */
export function firstInput(node: Node): NodeName | null {
  const input = node.args[0] ?? node.kwargs.input;
  return isNodeRef(input) ? input.node : null;
}

/** The node with every read of `from` turned into a read of `to` (FX's `replace_input_with`). */
export const replaceInput = <N extends Node>(node: N, from: NodeName, to: NodeName): N =>
  mapNodeRefs(node, (reference) => (reference.node === from ? ref(to) : reference));
