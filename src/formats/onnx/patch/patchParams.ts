import { GraphError } from '../../../graph/errors';
import { GraphIndex } from '../../../graph/graph';
import { moduleName, type ParamName, paramOf } from '../../../graph/ids';
import type { Model } from '../../../graph/model';
import { asFloat, sizeOf } from '../../../graph/tensor';
import { floatProto } from '../file/tensorWrite';
import type { ConvOrigin, LinearOrigin, NormOrigin, OnnxOrigin } from '../origin';
import type { Constants } from '../reader/constants';
import type { PatchedGraph } from './patchedGraph';
import { elementTypeOf, type Place, patchBias, patchPlace, patchWeight } from './patchPlaces';

/** What a patch goes by: where the file has each tensor, the file as patched so far, and the model to be written. */
interface Patch {
  readonly origin: OnnxOrigin;
  readonly patched: PatchedGraph;
  readonly constants: Constants;
  readonly current: Model;
  /** The changed tensors that have no place yet. */
  readonly left: Set<ParamName>;
}

/** Puts changed tensors where the file has them: weights and biases of layers and norms, and plain constants. */
export function patchParams(
  origin: OnnxOrigin,
  patched: PatchedGraph,
  constants: Constants,
  changed: readonly ParamName[],
  current: Model,
): void {
  const patch: Patch = { origin, patched, constants, current, left: new Set(changed) };
  patchLinears(patch);
  patchConvs(patch);
  patchNorms(patch);
  patchConstants(patch);
  const [other] = patch.left;
  if (other !== undefined)
    throw new GraphError(`internal: the ONNX file cannot be patched: it has no place for tensor '${other}'.`);
}

function patchLinears({ origin, patched, constants, current, left }: Patch): void {
  for (const [name, linear] of Object.entries<LinearOrigin>(origin.linears)) {
    const module = moduleName(name);
    const [weight, bias] = [paramOf(module, 'weight'), paramOf(module, 'bias')];
    if (left.delete(weight))
      patchWeight(patched, constants, linear, weight, asFloat(current.params[weight], weight));
    if (left.delete(bias)) patchBias(patched, constants, linear, bias, asFloat(current.params[bias], bias));
  }
}

function patchConvs({ origin, patched, constants, current, left }: Patch): void {
  for (const [name, conv] of Object.entries<ConvOrigin>(origin.convs)) {
    const module = moduleName(name);
    const [weight, bias] = [paramOf(module, 'weight'), paramOf(module, 'bias')];
    const tensor = asFloat(current.params[weight], weight);
    if (left.delete(weight))
      patchPlace(patched, constants, { index: conv.nodeIndex, input: 1 }, conv.weight, weight, tensor);
    const places = { bias: conv.bias, axes: tensor.shape.length - 2 };
    if (left.delete(bias)) patchBias(patched, constants, places, bias, asFloat(current.params[bias], bias));
  }
}

function patchNorms({ origin, patched, constants, current, left }: Patch): void {
  for (const [name, norm] of Object.entries<NormOrigin>(origin.norms)) {
    const [weight, bias] = ['weight', 'bias'].map((part) => paramOf(moduleName(name), part));
    if (weight === undefined || bias === undefined) continue;
    const changed = [weight, bias].filter((param) => left.delete(param));
    if (changed.length > 0) patchNorm(patched, constants, norm, { weight, bias }, changed, current);
  }
}

/** Tensors that `get_attr` nodes read: constants of the file. */
function patchConstants({ origin, patched, constants, current, left }: Patch): void {
  const index = new GraphIndex(current.graph);
  for (const node of current.graph.nodes) {
    if (node.op !== 'get_attr' || !left.delete(node.target)) continue;
    const { target } = node;
    const value = origin.values[node.name]?.value ?? '';
    const readers = new Set(index.users(node.name).map(({ name }) => origin.nodes[name]));
    for (const at of placesOf(origin, patched, value).filter((place) => readers.has(place.index)))
      patchPlace(patched, constants, at, value, target, asFloat(current.params[target], target));
  }
}

/** Weight and bias where the file has them. One that has them by group gets a factor and a summand a channel behind it. */
function patchNorm(
  patched: PatchedGraph,
  constants: Constants,
  norm: NormOrigin,
  { weight, bias }: { readonly weight: ParamName; readonly bias: ParamName },
  changed: readonly ParamName[],
  current: Model,
): void {
  const tensorOf = (param: ParamName) => asFloat(current.params[param], param);
  const parts = [
    { param: weight, value: norm.weight, input: 1, neutral: 1 },
    // A bias that the file leaves out is 0, which no factor changes.
    ...(norm.bias === null ? [] : [{ param: bias, value: norm.bias, input: 2, neutral: 0 }]),
  ];
  const entries = ({ value }: (typeof parts)[number]) => sizeOf(constants.describe(value)?.shape ?? []);
  const byChannel = parts.every((part) => entries(part) === tensorOf(part.param).data.length);
  if (!byChannel && norm.axesBehind === undefined)
    throw new GraphError(`internal: the ONNX file has no place for '${weight}'.`);
  if (byChannel)
    for (const { param, value, input } of parts.filter((part) => changed.includes(part.param)))
      patchPlace(patched, constants, { index: norm.nodeIndex, input }, value, param, tensorOf(param));
  else {
    const added = parts.map((part) => {
      const { data } = tensorOf(part.param);
      const type = elementTypeOf(constants, part.value);
      const neutral = new Float32Array(entries(part)).fill(part.neutral);
      const at = { index: norm.nodeIndex, input: part.input };
      patched.replaceConstant(at, part.param, (to) => floatProto(to, [neutral.length], neutral, type));
      const behind = new Array<number>(norm.axesBehind ?? 0).fill(1);
      const name = patched.freshName(part.param);
      patched.addInitializer(floatProto(name, [data.length, ...behind], data, type));
      return name;
    });
    patched.scaleBehind(norm.nodeIndex, added[0] ?? '', added[1] ?? '');
  }
}

/**
 * Where nodes read a constant as it is: not as the weight or bias of a layer or norm, which has a tensor of its own. The
 * caller leaves out nodes that took its values in while the file was read: other constants are made of them.
 */
function placesOf(origin: OnnxOrigin, patched: PatchedGraph, value: string): readonly Place[] {
  const own = new Set([
    ...Object.values<LinearOrigin>(origin.linears).flatMap(({ nodeIndex, activationInput, bias }) => [
      placeKey({ index: nodeIndex, input: 1 - activationInput }),
      ...(bias ? [placeKey({ index: bias.nodeIndex, input: bias.input })] : []),
    ]),
    ...Object.values<ConvOrigin>(origin.convs).flatMap(({ nodeIndex, bias }) => [
      placeKey({ index: nodeIndex, input: 1 }),
      ...(bias ? [placeKey({ index: bias.nodeIndex, input: bias.input })] : []),
    ]),
    ...Object.values<NormOrigin>(origin.norms).flatMap(({ nodeIndex }) =>
      [1, 2, 3, 4].map((input) => placeKey({ index: nodeIndex, input })),
    ),
  ]);
  return patched.readersOf(value).filter((place) => !own.has(placeKey(place)));
}

const placeKey = ({ index, input }: Place): string => `${index} ${input}`;
