import { GraphIndex } from '../graph';
import type { ModuleSpec } from '../model';
import type { Argument, Node } from '../node';
import type { OpCall } from '../op';
import { resolveNode } from '../resolve';
import type { Tensor } from '../tensor';
import { callFunction, callMethod, modelOf, output, to } from '../testGraph';

/* Calls on `x`, and what they mean. For tests only. */

export const x = to('x');
export const F = 'torch.nn.functional';

export const fn = (target: string, args: readonly Argument[] = [x], kwargs = {}): Node =>
  callFunction('f', target, args, kwargs);
export const method = (target: string, ...args: readonly Argument[]): Node =>
  callMethod('f', target, [x, ...args]);

/** Resolves one node behind these, in a model with these tensors. */
export const resolverBehind =
  (surroundings: readonly Node[], params: Readonly<Record<string, Tensor>>) =>
  (node: Node, modules: Readonly<Record<string, ModuleSpec>> = {}): OpCall | null => {
    const model = modelOf([...surroundings, node, output(null)], { modules, params });
    return resolveNode(model, new GraphIndex(model.graph), node);
  };
