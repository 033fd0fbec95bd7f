import { GraphIndex } from '../../graph/graph';
import { type NodeName, type ParamName, paramName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import type { Node } from '../../graph/node';
import type { OpCall } from '../../graph/op';
import { resolveNode } from '../../graph/resolve';
import { asFloat, floatTensor, sizeOf, type Tensor } from '../../graph/tensor';
import { isLayerCall } from '../../quant/layerAxes';

/**
 * The tensors of an equalized model under the names of the original one, so that they load into the user's own module.
 * A BatchNorm that was folded into the layer in front of it is there again: its statistics and factor pass every value
 * on (mean 0, variance 1 − eps, weight 1). Where the module's layer has no bias, the normalization takes it: as its own, or
 * where it has none either, as its mean with the other sign.
 */
export function unfoldedNorms(original: Model, current: Model): Readonly<Record<ParamName, Tensor>> {
  const params: Record<ParamName, Tensor> = { ...current.params };
  const index = new GraphIndex(original.graph);
  for (const node of original.graph.nodes) {
    const norm = resolveNode(original, index, node);
    if (norm?.op !== 'batch_norm' || params[norm.attrs.mean]) continue;
    const [x] = norm.operands;
    const layer = x?.kind === 'node' ? biasOf(original, index, x.node) : null;
    if (layer) restore(original, params, norm, layer);
  }
  return params;
}

interface LayerBias {
  /** The name that the layer's bias has after folding. */
  readonly folded: ParamName;
  /** Whether the module's layer has one. */
  readonly isOwn: boolean;
}

function biasOf(model: Model, index: GraphIndex, name: NodeName): LayerBias | null {
  const node: Node | undefined = index.find(name);
  const call = node && resolveNode(model, index, node);
  if (!call || !isLayerCall(call)) return null;
  const { weight, bias } = call.attrs;
  const folded = bias ?? siblingBias(weight);
  return { folded, isOwn: bias !== null };
}

const siblingBias = (weight: ParamName): ParamName => paramName(weight.replace(/weight$/, 'bias'));

function restore(
  original: Model,
  params: Record<ParamName, Tensor>,
  { attrs }: OpCall<'batch_norm'>,
  { folded, isOwn }: LayerBias,
): void {
  const filled = (name: ParamName, value: number): Tensor => {
    const shape = original.params[name]?.shape ?? [attrs.features];
    return floatTensor(shape, new Float32Array(sizeOf(shape)).fill(value));
  };
  params[attrs.mean] = filled(attrs.mean, 0);
  params[attrs.variance] = filled(attrs.variance, 1 - attrs.eps);
  if (attrs.weight !== null) params[attrs.weight] = filled(attrs.weight, 1);
  const bias = params[folded];
  const moves = !isOwn && bias !== undefined;
  if (attrs.bias !== null) params[attrs.bias] = moves ? bias : filled(attrs.bias, 0);
  else if (moves) {
    const { shape, data } = asFloat(bias, folded);
    const mean = data.map((value) => -value);
    params[attrs.mean] = floatTensor(shape, mean);
  }
  if (moves) delete params[folded];
}
