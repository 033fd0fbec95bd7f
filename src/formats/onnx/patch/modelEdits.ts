import { GraphError } from '../../../graph/errors';
import { GraphIndex } from '../../../graph/graph';
import { type NodeName, type ParamName, paramName } from '../../../graph/ids';
import type { Model } from '../../../graph/model';
import { type CallFunction, inputsOf, isNodeRef, mapNodeRefs, type Node, ref } from '../../../graph/node';
import type { Tensor } from '../../../graph/tensor';

/** An inserted `torch.mul(input, scale)`; `scale` is the tensor of the `get_attr` node it reads. */
export interface InsertedMul {
  readonly name: NodeName;
  readonly input: NodeName;
  readonly scale: ParamName;
}

/** A node that reads an inserted mul, `to`, where it read `from`. */
export interface Rewire {
  readonly user: Node;
  readonly from: NodeName;
  readonly to: NodeName;
}

/** What equalization did to a float model. */
export interface ModelEdits {
  /** In graph order. */
  readonly muls: readonly InsertedMul[];
  readonly rewires: readonly Rewire[];
  /** Tensors with other values than before. */
  readonly params: readonly ParamName[];
}

const fail = (problem: string, node: NodeName | null = null): never => {
  throw new GraphError(`internal: the ONNX file cannot be patched: ${problem}`, node);
};

/**
 * The difference between a float model as read and as equalized: inserted muls and changed tensors. Throws an
 * `internal:` GraphError for any other difference, so that no edit is lost on the way to the file.
 */
export function findEdits(original: Model, current: Model): ModelEdits {
  const before = new GraphIndex(original.graph);
  const after = new GraphIndex(current.graph);
  const inserted = current.graph.nodes.filter((node) => !before.find(node.name));
  const muls = inserted.flatMap((node) => (node.op === 'get_attr' ? [] : [insertedMul(node, before, after)]));
  const mulInputs = new Map(muls.map((mul) => [mul.name, mul.input]));
  const rewires = original.graph.nodes.flatMap((node) => rewiresOf(node, after.find(node.name), mulInputs));
  checkModules(original, current);
  return { muls, rewires, params: changedParams(original, current) };
}

function insertedMul(node: Node, before: GraphIndex, after: GraphIndex): InsertedMul {
  const isMul = node.op === 'call_function' && node.target === 'torch.mul' && node.args.length === 2;
  if (!isMul || Object.keys(node.kwargs).length > 0)
    return fail(`node '${node.name}' (${node.op} ${node.target}) was added.`, node.name);
  return mulParts(node, before, after) ?? fail(`'${node.name}' multiplies by no added tensor.`, node.name);
}

/** Which operand is the added scale: the one that a new `get_attr` node holds. */
function mulParts(node: CallFunction, before: GraphIndex, after: GraphIndex): InsertedMul | null {
  const [a, b] = node.args;
  if (!isNodeRef(a) || !isNodeRef(b)) return null;
  for (const [input, scale] of [
    [a.node, b.node],
    [b.node, a.node],
  ] as const) {
    const source = after.find(scale);
    if (source?.op === 'get_attr' && !before.find(scale))
      return { name: node.name, input, scale: source.target };
  }
  return null;
}

const textOf = ({ op, target, args, kwargs }: Node): string => JSON.stringify([op, target, args, kwargs]);

/** Reads of inserted muls by a node that was there before; all else about the node must be as it was. */
function rewiresOf(
  node: Node,
  now: Node | undefined,
  mulInputs: ReadonlyMap<NodeName, NodeName>,
): readonly Rewire[] {
  if (!now) return fail(`node '${node.name}' was removed.`, node.name);
  const sourceOf = (name: NodeName): NodeName => {
    const input = mulInputs.get(name);
    return input === undefined ? name : sourceOf(input);
  };
  const undone = mapNodeRefs(now, (reference) => ref(sourceOf(reference.node)));
  if (textOf(undone) !== textOf(node)) return fail(`node '${node.name}' was changed.`, node.name);
  const inputs = inputsOf(now);
  return inputs
    .filter((input) => mulInputs.has(input))
    .map((to) => {
      const from = sourceOf(to);
      if (inputs.filter((input) => sourceOf(input) === from).length > 1)
        return fail(`'${now.name}' reads '${from}' both scaled and not.`, now.name);
      return { user: now, from, to };
    });
}

function checkModules(original: Model, current: Model): void {
  for (const node of original.graph.nodes) {
    if (node.op !== 'call_module') continue;
    if (JSON.stringify(original.modules[node.target]) !== JSON.stringify(current.modules[node.target]))
      fail(`module '${node.target}' was changed.`, node.name);
  }
}

function changedParams(original: Model, current: Model): readonly ParamName[] {
  return Object.keys(original.params)
    .map(paramName)
    .filter((name) => {
      const now = current.params[name] ?? fail(`tensor '${name}' was removed.`);
      return !sameTensor(original.params[name], now, name);
    });
}

function sameTensor(before: Tensor | undefined, now: Tensor, name: ParamName): boolean {
  if (before === now) return true;
  if (before?.dtype !== now.dtype || String(before.shape) !== String(now.shape))
    return fail(`tensor '${name}' changed its type or shape.`);
  const { data } = now;
  return before.data.every((value, i) => Object.is(value, data[i]));
}
