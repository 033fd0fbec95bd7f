import type { GraphIndex } from '../../graph/graph';
import { moduleName, type NodeName, nodeName } from '../../graph/ids';
import type { Attribute, Model, ModuleSpec } from '../../graph/model';
import {
  batchNormReluType,
  batchNormType,
  convReluType,
  convType,
  LINEAR,
  LINEAR_RELU,
} from '../../graph/moduleTypes';
import { type Argument, type CallFunction, type CallModule, type Node, ref } from '../../graph/node';

/** Types of modules that a ReLU is fused into, and what they become. A lone BatchNorm1d stays in float. */
export const WITH_RELU: ReadonlyMap<string, string> = new Map([
  [LINEAR, LINEAR_RELU],
  [convType(1), convReluType(1)],
  [convType(2), convReluType(2)],
  [convType(3), convReluType(3)],
  [batchNormType(2), batchNormReluType(2)],
  [batchNormType(3), batchNormReluType(3)],
]);

export const isFusibleRelu = (model: Model, node: Node): boolean =>
  (node.op === 'call_module' && model.modules[node.target]?.type === 'torch.nn.ReLU') ||
  (node.op === 'call_function' && node.target === 'torch.nn.functional.relu');

/**
 * The attribute of a fused module that remembers the ReLUs it took in, so that `unfuse` gives back the user's graph, node
 * for node: of each call of the module `[call, its place, ReLU, opcode, target, positional, inplace, its place]`, a place
 * being `[position, the node behind]`.
 */
export const TAKEN_RELUS = 'relu_calls';

/** Where a node stood in the user's graph. */
export interface Place {
  readonly position: number;
  /** The node behind it; null behind the last one. */
  readonly next: NodeName | null;
}

/** A ReLU that a call of a layer took in, and where both stood. */
export interface TakenRelu {
  readonly relu: CallModule | CallFunction;
  readonly reluPlace: Place;
  readonly layerPlace: Place;
}

export function noteOfRelu(index: GraphIndex, call: NodeName, relu: Node): Attribute {
  const placeOf = (name: NodeName): Attribute => {
    const position = index.position(name);
    return [position, index.graph.nodes[position + 1]?.name ?? null];
  };
  const inplace = relu.args[1] ?? relu.kwargs.inplace;
  const given = typeof inplace === 'boolean' ? inplace : null;
  const { name, op, target } = relu;
  return [call, placeOf(call), name, op, target, relu.args.length, given, placeOf(name)];
}

/** The ReLU that a call of a fused module stands for in the user's graph; null for another one. */
export function takenRelu(spec: ModuleSpec | undefined, call: NodeName): TakenRelu | null {
  const notes: Attribute = spec?.attrs[TAKEN_RELUS] ?? [];
  const note = Array.isArray(notes) ? notes.find((n) => Array.isArray(n) && n[0] === call) : undefined;
  if (!Array.isArray(note)) return null;
  const [, layerPlace, relu, op, target, positional, inplace, reluPlace] = note;
  const shared = { name: nodeName(String(relu)), ...reluArguments(call, Number(positional), inplace) };
  return {
    relu:
      op === 'call_module'
        ? { ...shared, op, target: moduleName(String(target)) }
        : { ...shared, op: 'call_function', target: String(target) },
    reluPlace: placeFrom(reluPlace),
    layerPlace: placeFrom(layerPlace),
  };
}

function placeFrom(place: Attribute | undefined): Place {
  const [position, next] = Array.isArray(place) ? place : [];
  return { position: Number(position), next: typeof next === 'string' ? nodeName(next) : null };
}

/** The ReLU's arguments as the user wrote them: by position as far as `positional` goes, the rest by keyword. */
function reluArguments(layer: NodeName, positional: number, inplace: unknown): Pick<Node, 'args' | 'kwargs'> {
  const given: readonly (readonly [string, Argument])[] = [
    ['input', ref(layer)],
    ...(typeof inplace === 'boolean' ? [['inplace', inplace] as const] : []),
  ];
  return {
    args: given.slice(0, positional).map(([, value]) => value),
    kwargs: Object.fromEntries(given.slice(positional)),
  };
}
