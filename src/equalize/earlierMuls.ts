import { EQUALIZATION_SCALE } from '../graph/equalizationScale';
import { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { inputsOf } from '../graph/node';
import { resolveNode } from '../graph/resolve';

/**
 * The muls that an earlier equalization put into a model that was exported and opened again. To quantize their input
 * per tensor would put the uneven columns back on one grid, so exact semantics leaves them in float.
 */
export function earlierMuls(model: Model): readonly NodeName[] {
  const index = new GraphIndex(model.graph);
  return model.graph.nodes.flatMap((node) => {
    if (resolveNode(model, index, node)?.op !== 'mul') return [];
    const byScale = inputsOf(node).some((name) => {
      const source = index.get(name);
      return source.op === 'get_attr' && EQUALIZATION_SCALE.test(source.target);
    });
    return byScale ? [node.name] : [];
  });
}
