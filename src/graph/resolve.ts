import { GraphError, type UnsupportedOp, UnsupportedOpError } from './errors';
import type { GraphIndex } from './graph';
import type { Model } from './model';
import type { CallFunction, CallMethod, Node } from './node';
import type { OpCall } from './op';
import { resolveFunction, resolveMethod } from './resolve/resolveFunction';
import { resolveModule } from './resolve/resolveModule';
import { resolveSize, withSizeOperands } from './resolve/resolveSize';
import { resolveTuple } from './resolve/resolveTuple';

/** What the nodes of models mean: neither ever changes, and opening a model alone asks 20 times for each. */
const known = new WeakMap<Model, Map<Node, OpCall | null>>();

/**
 * What a node means. Returns null for an op the studio does not know (the caller collects them, see
 * `assertSupported`); throws a GraphError for a known op with arguments that make no sense.
 */
export function resolveNode(model: Model, index: GraphIndex, node: Node): OpCall | null {
  // In the midst of a pass other nodes than the model's may stand under its names.
  if (index.graph !== model.graph) return meaningOf(model, index, node);
  const calls = known.get(model);
  const found = calls?.get(node);
  if (found !== undefined) return found;
  const call = meaningOf(model, index, node);
  if (calls === undefined) known.set(model, new Map([[node, call]]));
  else calls.set(node, call);
  return call;
}

function meaningOf(model: Model, index: GraphIndex, node: Node): OpCall | null {
  switch (node.op) {
    case 'placeholder':
      return { op: 'placeholder', operands: [], attrs: {} };
    case 'output':
      return { op: 'output', operands: [], attrs: {} };
    case 'get_attr':
      return { op: 'get_attr', operands: [], attrs: { param: node.target } };
    case 'call_module':
      return resolveModule(model, node);
    case 'call_function':
    case 'call_method':
      return resolveSize(index, node) ?? resolveTuple(model, index, node) ?? resolveCall(model, index, node);
    default:
      return node satisfies never;
  }
}

function resolveCall(model: Model, index: GraphIndex, node: CallFunction | CallMethod): OpCall | null {
  const call =
    node.op === 'call_function' ? resolveFunction(model, index, node) : resolveMethod(model, index, node);
  return call && withSizeOperands(index, call, node);
}

/** As `resolveNode`, for a model that `assertSupported` has passed. */
export function opOf(model: Model, index: GraphIndex, node: Node): OpCall {
  const call = resolveNode(model, index, node);
  if (!call)
    throw new GraphError(
      `Node '${node.name}' calls ${opTitle(model, node)}, which the studio does not know.`,
      node.name,
    );
  return call;
}

/** How a user would name the op: the module's type or the function's target. */
export const opTitle = (model: Model, node: Node): string =>
  node.op === 'call_module' ? (model.modules[node.target]?.type ?? `module '${node.target}'`) : node.target;

/** Throws one UnsupportedOpError that lists every op the studio does not know. */
export function assertSupported(model: Model, index: GraphIndex): void {
  const found = new Map<string, UnsupportedOp>();
  for (const node of model.graph.nodes) {
    if (resolveNode(model, index, node)) continue;
    const op = opTitle(model, node);
    const seen = found.get(op);
    found.set(op, { op, count: (seen?.count ?? 0) + 1, firstNode: seen?.firstNode ?? node.name });
  }
  if (found.size > 0) throw new UnsupportedOpError([...found.values()]);
}
