import { GraphIndex } from '../../../graph/graph';
import type { NodeName } from '../../../graph/ids';
import type { Model } from '../../../graph/model';
import type { Node } from '../../../graph/node';
import type { OpCall } from '../../../graph/op';
import { resolveNode } from '../../../graph/resolve';

/** Muls by one positive factor per output channel that the quantized layer in front can do. */
export interface RowMuls {
  /** The mul's own input, by mul. */
  readonly inputs: ReadonlyMap<NodeName, NodeName>;
  /** The factors, by layer. */
  readonly factors: ReadonlyMap<NodeName, Float32Array>;
}

export const rowFactorsOf = ({ factors }: RowMuls, layer: NodeName): Float32Array | null =>
  factors.get(layer) ?? null;

/**
 * Finds the muls of equalization that need no op of their own in a QDQ graph:
 *
 *     layer (weight scale s) → [relu] → mul(m) → quantize     becomes
 *     layer (weight scales s·m, one per row, same integers) → [relu] → quantize
 *
 * which computes the same and leaves the layer next to its QuantizeLinear, where integer kernels need it. Everything in
 * between must have one reader.
 */
export function findRowMuls(model: Model): RowMuls {
  const index = new GraphIndex(model.graph);
  const inputs = new Map<NodeName, NodeName>();
  const factors = new Map<NodeName, Float32Array>();
  for (const node of model.graph.nodes) {
    const found = rowMul(model, index, node);
    if (!found) continue;
    inputs.set(node.name, found.input);
    factors.set(found.layer, found.factors);
  }
  return { inputs, factors };
}

function rowMul(model: Model, index: GraphIndex, node: Node) {
  const call = resolveNode(model, index, node);
  if (call?.op !== 'mul') return null;
  const [x, other] = call.operands;
  if (x?.kind !== 'node' || other?.kind !== 'node') return null;
  const source = index.find(other.node);
  const scale = source?.op === 'get_attr' ? model.params[source.target] : undefined;
  const layer = layerBefore(model, index, x.node);
  if (!layer || !scale || scale.dtype !== 'float32') return null;
  const { node: at, call: made } = layer;
  return fitsRows(made, scale.shape) && scale.data.every((factor) => factor > 0 && Number.isFinite(factor))
    ? { input: x.node, layer: at, factors: Float32Array.from(scale.data) }
    : null;
}

interface LayerBefore {
  readonly node: NodeName;
  readonly call: OpCall<'linear'> | OpCall<'conv'>;
}

/** The layer with a weight on a grid that makes a value, itself or through ReLUs; nothing else reads what it makes. */
function layerBefore(model: Model, index: GraphIndex, name: NodeName): LayerBefore | null {
  const node = index.find(name);
  if (!node || index.users(name).length !== 1) return null;
  const call = resolveNode(model, index, node);
  if (call?.op === 'linear' || call?.op === 'conv') {
    const { weightGrid: grid } = call.attrs;
    return grid && (grid.axis === null || grid.axis === 0) ? { node: name, call } : null;
  }
  const [x] = call?.op === 'relu' ? call.operands : [];
  return x?.kind === 'node' ? layerBefore(model, index, x.node) : null;
}

/** Whether a factor's shape is one per output channel: the last axis of a Linear, axis 1 of a convolution. */
function fitsRows({ op, attrs }: LayerBefore['call'], shape: readonly number[]): boolean {
  const behind = op === 'conv' ? attrs.dims : 0;
  const rows = op === 'conv' ? attrs.outChannels : attrs.outFeatures;
  const place = shape.length - 1 - behind;
  return place >= 0 && shape.every((size, axis) => size === (axis === place ? rows : 1));
}
