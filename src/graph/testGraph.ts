import { moduleName, nodeName, paramName } from './ids';
import type { Model, ModuleSpec } from './model';
import type { Argument, Node, Opcode } from './node';
import type { Shape } from './shape';
import type { Tensor } from './tensor';

/* Writes nodes by hand, arguments and all. For tests only. */

type Kwargs = Readonly<Record<string, Argument>>;

export const to = (name: string): Argument => ({ node: nodeName(name) });

const node = (
  op: Opcode,
  name: string,
  target: string,
  args: readonly Argument[] = [],
  kwargs: Kwargs = {},
): Node => {
  const shared = { name: nodeName(name), args, kwargs };
  if (op === 'call_module') return { ...shared, op, target: moduleName(target) };
  if (op === 'get_attr') return { ...shared, op, target: paramName(target) };
  return { ...shared, op, target };
};

export const placeholder = (name: string, ...args: readonly Argument[]): Node =>
  node('placeholder', name, name, args);
export const constant = (name: string, target = name): Node => node('get_attr', name, target);
export const callFunction = (name: string, target: string, args?: readonly Argument[], kwargs?: Kwargs) =>
  node('call_function', name, target, args, kwargs);
export const callMethod = (name: string, target: string, args?: readonly Argument[], kwargs?: Kwargs) =>
  node('call_method', name, target, args, kwargs);
export const callModule = (name: string, target: string, args?: readonly Argument[], kwargs?: Kwargs) =>
  node('call_module', name, target, args, kwargs);
export const output = (value: Argument): Node => node('output', 'output', 'output', [value]);

interface Parts {
  readonly modules?: Readonly<Record<string, ModuleSpec>>;
  readonly params?: Readonly<Record<string, Tensor>>;
  readonly inputShapes?: Readonly<Record<string, Shape>>;
}

/** A model of these nodes; modules, tensors and shapes of inputs are optional. */
export const modelOf = (
  nodes: readonly Node[],
  { modules = {}, params = {}, inputShapes = {} }: Parts = {},
): Model => ({
  name: 'test',
  graph: { nodes },
  modules,
  params,
  inputShapes,
});
