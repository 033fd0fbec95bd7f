import type { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { type Argument, isList, isNodeRef, type Node } from '../graph/node';
import { resolveNode } from '../graph/resolve';
import { sizeNodes } from '../graph/sizes';
import { observationOf } from './observation';
import { oneOp } from './oneOp';
import { activationObserverOf, type QConfigMapping } from './qconfigMapping';

/**
 * What PyTorch 1.13.1 takes a value for while it inserts observers: float, quantized, or a number, which nothing
 * observes.
 */
export type PyTorchType = 'float' | 'quantized' | 'number';

/**
 * The types of all values (torch/ao/quantization/fx/prepare.py, `get_target_activation_dtype_for_node` and
 * `propagate_dtypes_for_known_nodes`). The second has a defect with a far reach: a size that a `view` or `reshape`
 * reads is a number, and so is, it finds, the tensor whose size it is:
 *
 *     y = conv(x); y.view(y.size(0), -1)        conv, its output and its reading of x stay in float
 *
 * `y.shape[0]` and `y.size()[0]` end that search at the `getitem`.
 */
export function pytorchTypes(
  model: Model,
  index: GraphIndex,
  qconfigs: QConfigMapping,
): ReadonlyMap<NodeName, PyTorchType> {
  const plain = withoutTensors(index);
  const types = new Map<NodeName, PyTorchType>();
  for (const node of model.graph.nodes)
    types.set(node.name, plain.has(node.name) ? 'number' : ownType(model, index, qconfigs, node));
  for (const node of model.graph.nodes)
    for (const name of numberArguments(node)) markNumber(model, index, plain, types, name);
  return types;
}

function ownType(model: Model, index: GraphIndex, qconfigs: QConfigMapping, node: Node): PyTorchType {
  if (!activationObserverOf(qconfigs, model, node)) return 'float';
  if (sizeNodes(index).has(node.name)) return OBSERVED_SIZES.has(node.target) ? 'quantized' : 'float';
  const call = resolveNode(model, index, node);
  const [root] = call ? oneOp(model, index, { node, call }) : [];
  return root && observationOf(root.call, root.node) !== 'float' ? 'quantized' : 'float';
}

/** Functions of sizes that the backend's list has, since they are functions of tensors too. */
const OBSERVED_SIZES: ReadonlySet<string> = new Set(['operator.add', 'operator.mul', 'operator.floordiv']);

/**
 * Nodes whose positional arguments are known to hold no tensor (fx/utils.py, `all_node_args_have_no_tensors`): sizes,
 * and what is computed from them and whole numbers. A fraction or a tuple counts as a tensor there.
 */
export function withoutTensors(index: GraphIndex): ReadonlySet<NodeName> {
  const plain = new Set<NodeName>();
  for (const node of index.graph.nodes) if (hasNoTensors(node, plain)) plain.add(node.name);
  return plain;
}

function hasNoTensors(node: Node, plain: ReadonlySet<NodeName>): boolean {
  if (node.op !== 'call_function' && node.op !== 'call_method') return false;
  if (node.op === 'call_method' ? node.target === 'size' : node.target === 'getattr') return true;
  const args = node.target === 'operator.getitem' ? node.args.slice(0, 1) : node.args;
  const isPlain = (arg: Argument) => (isNodeRef(arg) ? plain.has(arg.node) : Number.isInteger(arg));
  return args.length > 0 && args.every(isPlain);
}

/** How many positional arguments PyTorch counts as tensors (`num_tensor_args`). */
export const tensorArguments = (plain: ReadonlySet<NodeName>, node: Node): number =>
  node.args.filter((arg) => isNodeRef(arg) && !plain.has(arg.node)).length;

/** Methods whose arguments behind the first are numbers (`NON_OBSERVABLE_ARG_DICT`); of some, only the second. */
const ALL_BEHIND: ReadonlySet<string> = new Set(['permute', 'repeat', 'reshape', 'transpose', 'view']);
const ONE_BEHIND: ReadonlySet<string> = new Set(['size', 'unsqueeze']);

function numberArguments(node: Node): readonly NodeName[] {
  if (node.op !== 'call_method') return [];
  const end = ALL_BEHIND.has(node.target) ? node.args.length : ONE_BEHIND.has(node.target) ? 2 : 1;
  const args = node.args.slice(1, end).flatMap((arg) => (Array.isArray(arg) ? arg : [arg]));
  return args.flatMap((arg: Argument) => (isNodeRef(arg) ? [arg.node] : []));
}

/** The node, and what stands before it as long as its observer is its input's (`maybe_propagate_dtype_for_node`). */
function markNumber(
  model: Model,
  index: GraphIndex,
  plain: ReadonlySet<NodeName>,
  types: Map<NodeName, PyTorchType>,
  first: NodeName,
): void {
  for (let name: NodeName | null = first; name !== null; ) {
    types.set(name, 'number');
    const node = index.get(name);
    const [input] = node.args;
    name = isNodeRef(input) && sharesObserver(model, index, plain, node) ? input.node : null;
  }
}

function sharesObserver(model: Model, index: GraphIndex, plain: ReadonlySet<NodeName>, node: Node): boolean {
  if (sizeNodes(index).has(node.name)) return node.target === 'size' || node.target === 'operator.floordiv';
  const call = resolveNode(model, index, node);
  const [root] = call ? oneOp(model, index, { node, call }) : [];
  if (!root) return false;
  if (root.call.op === 'add' || root.call.op === 'mul') return tensorArguments(plain, root.node) === 1;
  return observationOf(root.call, root.node) === 'shared';
}

/**
 * Whether PyTorch observes an op, given by the parts that are quantized as one: of a configuration that fits its dtypes
 * (`_is_pattern_dtype_config_and_qconfig_supported_by_backend`).
 */
export function isObservedByPyTorch(
  model: Model,
  index: GraphIndex,
  types: ReadonlyMap<NodeName, PyTorchType>,
  node: Node,
): boolean {
  const call = resolveNode(model, index, node);
  const parts = call ? oneOp(model, index, { node, call }) : [];
  const [root] = parts;
  const last = parts.at(-1);
  const isTyped = [root, last].every((part) => part && types.get(part.node.name) === 'quantized');
  return root !== undefined && isTyped && observationOf(root.call, root.node) !== 'unsupported';
}

/** The argument in which PyTorch looks for the observer that an output shares: the first that is a node or a list. */
export function observedArgument(node: Node): readonly NodeName[] {
  const found = node.args.find(
    (arg) => isNodeRef(arg) || (typeof arg === 'object' && arg !== null && isList(arg)),
  );
  if (found === undefined) return [];
  const items: readonly Argument[] = isNodeRef(found) ? [found] : Array.isArray(found) ? found : [];
  return items.flatMap((item) => (isNodeRef(item) ? [item.node] : []));
}
