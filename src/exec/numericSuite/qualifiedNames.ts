import { freeName } from '../../graph/graph';
import type { NodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import type { Node } from '../../graph/node';
import { takenRelu } from '../../quant/fuse/fusedRelu';

/**
 * The names under which the numeric suite files each node of a prepared model: the dotted name of its module, '' for a
 * function of the root (torch/ao/ns/fx/graph_passes.py, `_maybe_get_fqn`). It traces the model anew, which numbers the
 * nodes anew, and looks the new names up among the old ones: where the function `relu` was fused into a layer, the
 * module's node `relu_1` is now called `relu` and filed under the function's name, ''. So here.
 */
export function qualifiedNames(prepared: Model): ReadonlyMap<NodeName, string> {
  const scopes = scopesOf(prepared);
  const taken = new Set<string>();
  const names = new Map<NodeName, string>();
  for (const node of prepared.graph.nodes) {
    const traced = freeName(tracedBase(node), (name) => taken.has(name));
    taken.add(traced);
    names.set(node.name, scopes.get(traced) ?? moduleOf(node));
  }
  return names;
}

const moduleOf = (node: Node): string => (node.op === 'call_module' ? node.target : '');

/** What FX calls a node before it numbers it: the function's own name, the target's otherwise. */
const tracedBase = (node: Node): string =>
  node.op === 'call_function' ? node.target.slice(node.target.lastIndexOf('.') + 1) : node.target;

/** The module of each node of the user's graph, by the node's name: of those that stand, and of those fused away. */
function scopesOf(prepared: Model): ReadonlyMap<string, string> {
  const scopes = new Map<string, string>();
  for (const node of prepared.graph.nodes) {
    scopes.set(node.name, moduleOf(node));
    const taken = node.op === 'call_module' ? takenRelu(prepared.modules[node.target], node.name) : null;
    if (taken) scopes.set(taken.relu.name, moduleOf(taken.relu));
  }
  return scopes;
}
