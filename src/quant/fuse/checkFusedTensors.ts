import { GraphError } from '../../graph/errors';
import { moduleName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { shortType } from '../../graph/moduleTypes';

/**
 * Throws a GraphError where a network reads a tensor of a module that fusing exchanged for another: `F.linear(x, a.weight)`
 * beside `relu(a(x))`. PyTorch 1.13.1's LinearReLU holds its layer as a part and has no `weight` of its own, and an
 * Identity in the place of a folded normalization has none at all.
 */
export function checkFusedTensors(model: Model, fused: Model): void {
  for (const node of fused.graph.nodes) {
    if (node.op !== 'get_attr') continue;
    const owner = moduleName(node.target.slice(0, Math.max(node.target.lastIndexOf('.'), 0)));
    const before = model.modules[owner]?.type;
    const after = fused.modules[owner]?.type;
    if (before === undefined || before === after) continue;
    const what = after === undefined ? 'is folded away' : `becomes a ${shortType(after)}`;
    const name = node.target.slice(owner.length + 1);
    throw new GraphError(
      `PyTorch 1.13.1 stops here: '${owner}' ${what} when it is fused, and that has no '${name}' for '${node.name}' to read (AttributeError). Give the function a tensor of its own, or choose Exact semantics, where it reads the module's.`,
      node.name,
    );
  }
}
