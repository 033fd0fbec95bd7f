import type { ParamName } from '../../graph/ids';
import type { Attribute } from '../../graph/model';
import type { Dims } from '../../graph/moduleTypes';
import type { Argument, NodeRef } from '../../graph/node';
import type { AtenCall } from './atenCall';

/*
 * Layers: where their tensors stand under one path of the state dict, they become a module of that path, so that names
 * are the user's own and what is exported loads back; otherwise the function with the tensors as arguments.
 */

/** The module path of a layer with these tensors: `fc1` of `fc1.weight` and `fc1.bias`. Null where they are not one module's. */
function modulePath(tensors: Readonly<Record<string, ParamName | null>>): string | null {
  const paths = Object.entries(tensors).flatMap(([name, param]) => {
    if (param === null) return [];
    return [param.endsWith(`.${name}`) ? param.slice(0, -name.length - 1) : null];
  });
  const [path = null] = paths;
  return paths.every((other) => other === path) ? path : null;
}

interface Layer {
  readonly type: string;
  readonly attrs: Readonly<Record<string, Attribute>>;
  readonly tensors: Readonly<Record<string, ParamName | null>>;
  readonly input: Argument;
}

export function asModule(call: AtenCall, { type, attrs, tensors, input }: Layer): NodeRef | null {
  const path = modulePath(tensors);
  return path === null ? null : call.builder.callModule(path, type, attrs, input);
}

export const shapeOfParam = (call: AtenCall, param: ParamName): readonly number[] =>
  call.builder.params[param]?.shape ?? [];

/** True when an argument is absent or a tensor of the model, which a module can hold. */
export const isHeld = (call: AtenCall, name: string): boolean =>
  call.tensorName(name) === null || call.param(name) !== null;

export const isDims = (value: number): value is Dims => value === 1 || value === 2 || value === 3;
