import type { GraphIndex } from '../graph';
import type { Model } from '../model';
import type { CallFunction, CallMethod } from '../node';
import type { OpCall } from '../op';

/** A function that is called by its path, or a method of a tensor: both take arguments as Python does. */
export type Call = CallFunction | CallMethod;

/** What a call of a known function or method means; a GraphError where its arguments make no sense. */
export type CallRule = (node: Call, model: Model, index: GraphIndex) => OpCall;

/** By the path of the function as FX prints it, or by the method's name. */
export type CallRules = Readonly<Record<string, CallRule>>;
