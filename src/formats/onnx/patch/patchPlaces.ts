import { GraphError } from '../../../graph/errors';
import type { ParamName } from '../../../graph/ids';
import { computedTensor } from '../../../graph/lazyTensor';
import { type FloatTensor, sizeOf } from '../../../graph/tensor';
import { floatProto } from '../file/tensorWrite';
import { transposed } from '../matrix';
import type { LinearOrigin } from '../origin';
import type { Constants } from '../reader/constants';
import type { PatchedGraph } from './patchedGraph';

/** An input of a node of the file. */
export interface Place {
  readonly index: number;
  readonly input: number;
}

/** A tensor that the IR has as the file has it. */
export function patchPlace(
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

export function patchWeight(
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

/** Where a layer's bias stands, and how many axes lie behind its channels in what it is added to. */
interface BiasPlace {
  readonly bias: LinearOrigin['bias'];
  readonly axes: number;
}

export function patchBias(
  patched: PatchedGraph,
  constants: Constants,
  layer: LinearOrigin | BiasPlace,
  name: ParamName,
  bias: FloatTensor,
): void {
  if (!layer.bias) throw new GraphError(`internal: the ONNX file has no place for '${name}'.`);
  const { data } = dividedBy(bias, 'beta' in layer ? layer.beta : 1);
  const shape = constants.describe(layer.bias.initializer)?.shape ?? [];
  // A single value that was spread over all outputs gets one value an output; behind `W X` they are rows.
  const axes = 'beta' in layer ? layer.activationInput : layer.bias.input === 2 ? 0 : layer.axes;
  const dims = sizeOf(shape) === data.length ? shape : [data.length, ...new Array<number>(axes).fill(1)];
  const elementType = elementTypeOf(constants, layer.bias.initializer);
  const at = { index: layer.bias.nodeIndex, input: layer.bias.input };
  patched.replaceConstant(at, name, (value) => floatProto(value, dims, data, elementType));
}

export function elementTypeOf(constants: Constants, value: string): number {
  const known = constants.describe(value);
  if (!known) throw new GraphError(`internal: the ONNX file has no constant '${value}'.`);
  return known.elementType;
}
