import type { Dataset } from '../../formats/dataset';
import { FormatError } from '../../formats/errors';
import { GraphIndex } from '../../graph/graph';
import { inferShapes } from '../../graph/inferShapes';
import type { Model } from '../../graph/model';
import type { OpCall } from '../../graph/op';
import { resolveNode } from '../../graph/resolve';
import { type Dim, formatShape, type Shape } from '../../graph/shape';
import { withDataShapes } from './data';

/** The axis that has to have the layer's own size, and that size; null for ops that take any. */
function layerSize(
  call: OpCall,
  shape: readonly Dim[],
): { readonly given: Dim | undefined; readonly size: number } | null {
  if (call.op === 'linear') return { given: shape.at(-1), size: call.attrs.inFeatures };
  if (call.op === 'conv')
    return { given: shape[shape.length - call.attrs.dims - 1], size: call.attrs.inChannels };
  return null;
}

/**
 * Throws a FormatError for samples whose size no layer refuses by its own shape, but which give a layer behind more or
 * fewer features than it has: an image of another size in front of Flatten and Linear.
 */
export function checkLayerSizes(data: Dataset, model: Model): void {
  const shaped = withDataShapes(model, data);
  const shapes = inferShapes(shaped);
  const index = new GraphIndex(shaped.graph);
  for (const node of shaped.graph.nodes) {
    const call = resolveNode(shaped, index, node);
    const [operand] = call?.operands ?? [];
    const shape: Shape = operand?.kind === 'node' ? (shapes.get(operand.node) ?? null) : null;
    const sizes = call && shape && layerSize(call, shape);
    if (!sizes || typeof sizes.given !== 'number' || sizes.given === sizes.size) continue;
    const arrays = Object.entries(data.arrays).map(
      ([name, { shape: given }]) => `'${name}' [${given.join(', ')}]`,
    );
    throw new FormatError(
      data.source,
      `samples of this size do not fit the model: ${arrays.join(', ')} gives layer '${node.name}' ${formatShape(shape)}, but it takes ${sizes.size} ${call?.op === 'conv' ? 'channels' : 'features'}.`,
    );
  }
}
