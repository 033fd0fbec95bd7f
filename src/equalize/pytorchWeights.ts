import { GraphError } from '../graph/errors';
import type { GraphIndex } from '../graph/graph';
import { moduleName, type NodeName, type ParamName } from '../graph/ids';
import type { Model } from '../graph/model';
import { isNodeRef, type Node } from '../graph/node';
import type { ObservedModel } from '../quant/observer';
import type { LayerNode } from '../quant/weightUse';
import type { Equalization } from './equalization';
import type { PyTorchScale } from './pytorchScales';

/** The scale that a layer multiplies its rows with: that of the layer behind it. By layer. */
export type FollowingScales = ReadonlyMap<NodeName, PyTorchScale>;

/** `maybe_get_next_equalization_scale` of each layer that scales its weight at all. */
export function followingScales(
  model: ObservedModel,
  index: GraphIndex,
  scales: ReadonlyMap<NodeName, PyTorchScale>,
): FollowingScales {
  const following = new Map<NodeName, PyTorchScale>();
  for (const { layer, isOne } of scales.values()) {
    const next = isOne ? undefined : nextEqualizationObserver(model, index, layer.node);
    const scale = next && scales.get(next.name);
    if (scale && !scale.isOne) following.set(layer.node.name, scale);
  }
  return following;
}

/** `maybe_get_next_input_eq_obs`: layer → (relu →) observer → equalization observer, by first user at each hop. */
function nextEqualizationObserver(model: ObservedModel, index: GraphIndex, layer: Node): Node | undefined {
  const next = (node: Node | undefined, accept: (user: Node) => boolean) =>
    node && index.users(node.name).find(accept);
  const isReluModule = (user: Node) =>
    user.op === 'call_module' && model.modules[user.target]?.type === 'torch.nn.ReLU';
  const isReluFunction = (user: Node) =>
    user.op === 'call_function' && user.target === 'torch.nn.functional.relu';
  const isIn = (record: object) => (user: Node) =>
    user.op === 'call_module' && Object.hasOwn(record, user.target);
  const relu = next(layer, isReluModule) ?? next(layer, isReluFunction);
  return next(next(relu ?? layer, isIn(model.observers)), isIn(model.equalizationObservers));
}

/** `convert_eq_obs`, second branch: columns by the layer's own scale, rows by that of the layer behind it. */
export function scaleWeight(
  model: ObservedModel,
  index: GraphIndex,
  work: Equalization,
  { layer, scale, isOne }: PyTorchScale,
  following: PyTorchScale | null,
): void {
  if (!isOne) {
    checkBuffer(model, layer, layer.call.attrs.weight);
    work.divideColumns(layer, scale.values);
  }
  if (following) {
    const { bias } = layer.call.attrs;
    const scalesBias = unscaledBias(index, layer.node) === null;
    if (bias !== null && scalesBias) checkBuffer(model, layer, bias);
    const reader = `${following.layer.node.name} (${following.formula})`;
    work.multiplyRows(layer, following.scale.values, reader, scalesBias);
  }
  work.weights.reset(layer.node);
  work.weights.removeEqualization(layer.node);
}

/**
 * The bias that a functional layer's rows leave behind when they are scaled: `scale_weight_functional` knows a bias by
 * its node, a positional `get_attr` with "bias" in its name. Null where it is scaled, or there is none.
 */
export function unscaledBias(index: GraphIndex, layer: Node): NodeName | null {
  const bias = layer.op === 'call_function' ? (layer.args[2] ?? layer.kwargs.bias) : undefined;
  const isKnown = layer.args.some(
    (arg) => isNodeRef(arg) && index.get(arg.node).op === 'get_attr' && arg.node.includes('bias'),
  );
  return isNodeRef(bias) && !isKnown ? bias.node : null;
}

/** PyTorch assigns a plain tensor, which `nn.Module` refuses in the place of a parameter. */
function checkBuffer(model: Model, { node, call }: LayerNode, param: ParamName): void {
  if (!call.attrs.functional || !isParameter(model, param)) return;
  throw new GraphError(
    `PyTorch 1.13.1 stops here: it cannot assign a scaled tensor to '${param}', an nn.Parameter. Register it as a buffer, leave '${node.name}' out of equalization, or choose Exact semantics.`,
    node.name,
  );
}

/** Tensors outside of modules are buffers unless the file says otherwise; a layer's own are parameters. */
function isParameter(model: Model, param: ParamName): boolean {
  const owner = moduleName(param.slice(0, Math.max(param.lastIndexOf('.'), 0)));
  return Object.hasOwn(model.modules, owner) || (model.parameters?.includes(param) ?? false);
}
