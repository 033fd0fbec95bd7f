import { GraphError } from '../../graph/errors';
import { moduleName, type ParamName, paramOf } from '../../graph/ids';
import { computedTensor } from '../../graph/lazyTensor';
import type { Model } from '../../graph/model';
import { asFloat, type FloatTensor, sizeOf } from '../../graph/tensor';
import type { Constants } from './constants';
import { transposed } from './matrix';
import type { LinearOrigin, NormOrigin, OnnxOrigin } from './origin';
import type { PatchedGraph } from './patchedGraph';
import { floatProto } from './tensorWrite';

/** Puts changed tensors where the file has them: weights and biases of Linear layers and norms, and plain constants. */
export function patchParams(
  origin: OnnxOrigin,
  patched: PatchedGraph,
  constants: Constants,
  changed: readonly ParamName[],
  current: Model,
): void {
  const left = new Set(changed);
  for (const [name, linear] of Object.entries<LinearOrigin>(origin.linears)) {
    const module = moduleName(name);
    const [weight, bias] = [paramOf(module, 'weight'), paramOf(module, 'bias')];
    if (left.delete(weight))
      patchWeight(patched, constants, linear, weight, asFloat(current.params[weight], weight));
    if (left.delete(bias)) patchBias(patched, constants, linear, bias, asFloat(current.params[bias], bias));
  }
  for (const [name, norm] of Object.entries<NormOrigin>(origin.norms)) {
    const module = moduleName(name);
    for (const [part, value, input] of [
      ['weight', norm.weight, 1],
      ['bias', norm.bias, 2],
    ] as const) {
      const param = paramOf(module, part);
      // A bias that the file leaves out is 0, which no factor changes.
      if (!left.delete(param) || value === null) continue;
      const at = { index: norm.nodeIndex, input };
      patchPlace(patched, constants, at, value, param, asFloat(current.params[param], param));
    }
  }
  for (const node of current.graph.nodes) {
    if (node.op !== 'get_attr' || !left.delete(node.target)) continue;
    const { target } = node;
    const value = origin.values[node.name]?.value ?? '';
    for (const at of placesOf(origin, patched, value))
      patchPlace(patched, constants, at, value, target, asFloat(current.params[target], target));
  }
  const [other] = left;
  if (other !== undefined)
    throw new GraphError(`internal: the ONNX file cannot be patched: it has no place for tensor '${other}'.`);
}

interface Place {
  readonly index: number;
  readonly input: number;
}

/** Where nodes read a constant as it is: not as the weight or bias of a layer or norm, which has a tensor of its own. */
function placesOf(origin: OnnxOrigin, patched: PatchedGraph, value: string): readonly Place[] {
  const own = new Set([
    ...Object.values<LinearOrigin>(origin.linears).flatMap(({ nodeIndex, activationInput, bias }) => [
      placeKey({ index: nodeIndex, input: 1 - activationInput }),
      ...(bias ? [placeKey({ index: bias.nodeIndex, input: bias.input })] : []),
    ]),
    ...Object.values<NormOrigin>(origin.norms).flatMap(({ nodeIndex }) =>
      [1, 2].map((input) => placeKey({ index: nodeIndex, input })),
    ),
  ]);
  return patched.readersOf(value).filter((place) => !own.has(placeKey(place)));
}

const placeKey = ({ index, input }: Place): string => `${index} ${input}`;

/** A tensor that the IR has as the file has it. */
function patchPlace(
  patched: PatchedGraph,
  constants: Constants,
  at: Place,
  value: string,
  name: ParamName,
  tensor: FloatTensor,
): void {
  const elementType = elementTypeOf(constants, value);
  patched.replaceConstant(at, name, (to) => patched.floats(to, tensor, elementType));
}

/** The file's tensor times `factor` is the IR's. A factor of 0 hides the file's tensor, which then stays. */
const dividedBy = (tensor: FloatTensor, factor: number): FloatTensor =>
  factor === 1
    ? tensor
    : computedTensor(tensor.shape, [tensor], () => tensor.data.map((value) => value / factor));

function patchWeight(
  patched: PatchedGraph,
  constants: Constants,
  linear: LinearOrigin,
  name: ParamName,
  weight: FloatTensor,
): void {
  if (linear.alpha === 0) return;
  const stored = dividedBy(linear.weightTransposed ? transposed(weight) : weight, linear.alpha);
  const at = { index: linear.nodeIndex, input: linear.activationInput === 0 ? 1 : 0 };
  const elementType = elementTypeOf(constants, linear.weightInitializer);
  patched.replaceConstant(at, name, (value) => patched.floats(value, stored, elementType));
}

function patchBias(
  patched: PatchedGraph,
  constants: Constants,
  linear: LinearOrigin,
  name: ParamName,
  bias: FloatTensor,
): void {
  if (!linear.bias) throw new GraphError(`internal: the ONNX file has no place for '${name}'.`);
  const { data } = dividedBy(bias, linear.beta);
  const shape = constants.describe(linear.bias.initializer)?.shape ?? [];
  // A single value that was spread over all outputs gets one value an output; behind `W X` they are rows.
  const spread = linear.activationInput === 1 ? [data.length, 1] : [data.length];
  const dims = sizeOf(shape) === data.length ? shape : spread;
  const elementType = elementTypeOf(constants, linear.bias.initializer);
  const at = { index: linear.bias.nodeIndex, input: linear.bias.input };
  patched.replaceConstant(at, name, (value) => floatProto(value, dims, data, elementType));
}

function elementTypeOf(constants: Constants, value: string): number {
  const known = constants.describe(value);
  if (!known) throw new GraphError(`internal: the ONNX file has no constant '${value}'.`);
  return known.elementType;
}
