import type { GraphIndex } from '../graph';
import type { Model } from '../model';
import type { CallFunction, CallMethod } from '../node';
import type { OpCall } from '../op';
import { FUNCTIONS } from './functionTable';
import { METHODS } from './methodTable';

/** The meaning of a `call_function` node; null when the studio does not know the function. */
export const resolveFunction = (model: Model, index: GraphIndex, node: CallFunction): OpCall | null =>
  Object.hasOwn(FUNCTIONS, node.target) ? (FUNCTIONS[node.target]?.(node, model, index) ?? null) : null;

/** The meaning of a `call_method` node; null when the studio does not know the method. */
export const resolveMethod = (model: Model, index: GraphIndex, node: CallMethod): OpCall | null =>
  Object.hasOwn(METHODS, node.target) ? (METHODS[node.target]?.(node, model, index) ?? null) : null;
