import { GraphError } from './errors';
import { type ExpectedTensor, expectedTensors } from './expectedTensors';
import { GraphIndex } from './graph';
import type { NodeName } from './ids';
import type { Model } from './model';
import { inputsOf, type Node } from './node';
import type { OpCall } from './op';
import { resolveNode } from './resolve';

/**
 * Checks a model against the rules of the IR and throws a GraphError that names the first node at fault:
 * names are unique; every argument is defined earlier; modules and tensors exist and fit; the one output stands
 * last (torch/fx/graph.py, `Graph.lint`). Passes run it on what they return.
 */
export function lint(model: Model): void {
  const { nodes } = model.graph;
  if (nodes.length === 0) throw new GraphError('The graph has no nodes.');
  const last = nodes[nodes.length - 1];
  if (last?.op !== 'output')
    throw new GraphError(`The graph must end in an output node, not in '${last?.name}'.`, last?.name);
  checkNames(model);
  checkOrder(nodes);
  const index = new GraphIndex(model.graph);
  for (const node of nodes) checkNode(model, index, node);
}

/**
 * Names such as `constructor` or `__proto__`, which every JavaScript object has of its own, cannot be told from
 * missing ones everywhere; no PyTorch model needs them.
 */
function checkNames(model: Model): void {
  for (const { name } of model.graph.nodes)
    if (name in Object.prototype)
      throw new GraphError(`A node is named '${name}', which the studio reserves: rename it.`, name);
  for (const [kind, record] of [
    ['module', model.modules],
    ['tensor', model.params],
  ] as const)
    for (const name of Object.keys(record))
      if (name in Object.prototype)
        throw new GraphError(`A ${kind} is named '${name}', which the studio reserves: rename it.`);
}

function checkOrder(nodes: readonly Node[]): void {
  const defined = new Set<NodeName>();
  nodes.forEach((node, position) => {
    if (defined.has(node.name)) throw new GraphError(`Two nodes are named '${node.name}'.`, node.name);
    if (node.op === 'output' && position !== nodes.length - 1)
      throw new GraphError(
        `Output node '${node.name}' must be the last node; it stands at ${position + 1} of ${nodes.length}.`,
        node.name,
      );
    for (const input of inputsOf(node)) {
      if (!defined.has(input))
        throw new GraphError(
          `Node '${node.name}' reads '${input}', which is not defined before it.`,
          node.name,
        );
    }
    defined.add(node.name);
  });
}

function checkNode(model: Model, index: GraphIndex, node: Node): void {
  // A packed weight is an object with tensors of its own, as a module is.
  const isKnown = (name: string) => Object.hasOwn(model.params, name) || Object.hasOwn(model.modules, name);
  if (node.op === 'get_attr' && !isKnown(node.target))
    throw new GraphError(
      `Node '${node.name}' reads tensor '${node.target}', which the file does not have.`,
      node.name,
    );
  if (node.op === 'call_module' && !Object.hasOwn(model.modules, node.target))
    throw new GraphError(
      `Node '${node.name}' calls module '${node.target}', which the file does not have.`,
      node.name,
    );
  const call = resolveNode(model, index, node);
  if (call) for (const expected of expectedTensors(call)) checkTensor(model, node, call, expected);
}

function checkTensor(model: Model, node: Node, call: OpCall, { param, shape }: ExpectedTensor): void {
  const tensor = model.params[param];
  if (!tensor)
    throw new GraphError(
      `Node '${node.name}' needs tensor '${param}', which the file does not have.`,
      node.name,
    );
  if (tensor.dtype !== 'float32')
    throw new GraphError(
      `Tensor '${param}' of node '${node.name}' is ${tensor.dtype}; ${opNoun(call)} needs float32.`,
      node.name,
    );
  const fits = shape.every((dim, i) => dim === null || dim === tensor.shape[i]);
  if (tensor.shape.length !== shape.length || !fits)
    throw new GraphError(
      `Tensor '${param}' of node '${node.name}' has shape [${tensor.shape.join(', ')}]; [${shape.map((dim) => dim ?? 'any').join(', ')}] is expected.`,
      node.name,
    );
}

/** `a Linear`, `conv`. */
const opNoun = ({ op }: OpCall): string => (op === 'linear' ? 'a Linear' : op);
