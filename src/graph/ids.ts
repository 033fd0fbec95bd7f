/** Names of the IR are strings that the type checker keeps apart: a module's name is not a node's. */
declare const brand: unique symbol;
type Branded<B extends string> = string & { readonly [brand]: B };

/** A node's name, unique in its graph (FX's `node.name`). */
export type NodeName = Branded<'NodeName'>;
/** A module's dotted name (FX's `call_module` target). */
export type ModuleName = Branded<'ModuleName'>;
/** A tensor's dotted name in the state dict, or a `get_attr` target. */
export type ParamName = Branded<'ParamName'>;

export const nodeName = (text: string): NodeName => text as NodeName;
export const moduleName = (text: string): ModuleName => text as ModuleName;
export const paramName = (text: string): ParamName => text as ParamName;

/** The state-dict name of a module's tensor, as `nn.Module.state_dict()` spells it: `fc1` + `weight` → `fc1.weight`. */
export const paramOf = (module: ModuleName, tensor: string): ParamName => paramName(`${module}.${tensor}`);
