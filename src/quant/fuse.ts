import { GraphIndex } from '../graph/graph';
import type { ModuleName, NodeName } from '../graph/ids';
import type { Model, ModuleSpec } from '../graph/model';
import {
  batchNormReluType,
  batchNormType,
  convReluType,
  convType,
  LINEAR,
  LINEAR_RELU,
  shortType,
} from '../graph/moduleTypes';
import type { CallModule, Node } from '../graph/node';
import { Rewriter } from '../graph/rewriter';
import { FOLDED, foldBatchNorm } from './foldBatchNorm';
import type { PassResult } from './passResult';

/** Types of modules that a ReLU is fused into, and what they become. A lone BatchNorm1d stays in float. */
export const WITH_RELU: ReadonlyMap<string, string> = new Map([
  [LINEAR, LINEAR_RELU],
  [convType(1), convReluType(1)],
  [convType(2), convReluType(2)],
  [convType(3), convReluType(3)],
  [batchNormType(2), batchNormReluType(2)],
  [batchNormType(3), batchNormReluType(3)],
]);

interface Fusion {
  readonly layer: CallModule;
  readonly relu: Node;
  /** The node behind the ReLU in the user's graph. */
  readonly next: NodeName | null;
}

/** What `prepare_fx` does first: batch normalization is folded (`foldBatchNorm`), then ReLU is fused (`fuseRelu`). */
export function fuse<M extends Model>(model: M): PassResult<M> {
  const folded = foldBatchNorm(model);
  const fused = fuseRelu(folded.model);
  return { model: fused.model, changes: [...folded.changes, ...fused.changes] };
}

/**
 * Fuses a layer and its ReLU (torch/ao/quantization/fx/fuse.py):
 *
 *     x → linear → relu → y        becomes        x → linear (LinearReLU) → y
 *
 * and so ConvReLU and BNReLU, for `torch.nn.ReLU` and `F.relu`, when nothing else reads the layer and its module is
 * called once. The fused module remembers the ReLU it took in, so that `unfuse` gives back the user's graph, node for
 * node. A Linear that took in a batch normalization keeps its ReLU apart: PyTorch has no pattern for the three.
 */
function fuseRelu<M extends Model>(model: M): PassResult<M> {
  const rewriter = new Rewriter(model.graph);
  const modules: Record<ModuleName, ModuleSpec> = { ...model.modules };
  for (const { layer, relu, next } of findFusions(model)) {
    const spec = model.modules[layer.target];
    const type = spec && WITH_RELU.get(spec.type);
    if (!spec || !type) continue;
    modules[layer.target] = {
      type,
      attrs: {
        ...spec.attrs,
        relu_node: relu.name,
        relu_op: relu.op,
        relu_target: relu.target,
        relu_next: next,
        relu_positional: relu.args.length,
        ...inplaceOf(relu),
      },
    };
    const fused = shortType(type);
    rewriter.rescale(layer.name, [], `${layer.name} becomes a ${fused}: it takes in ${relu.name}.`);
    rewriter.remove(relu.name, layer.name, `${relu.name} is now a part of ${layer.name}.`);
  }
  return { model: { ...model, graph: rewriter.graph, modules }, changes: rewriter.changes };
}

function inplaceOf(relu: Node): { readonly relu_inplace?: boolean } {
  const inplace = relu.args[1] ?? relu.kwargs.inplace;
  return typeof inplace === 'boolean' ? { relu_inplace: inplace } : {};
}

function findFusions(model: Model): readonly Fusion[] {
  const index = new GraphIndex(model.graph);
  const calls = new Map<ModuleName, number>();
  for (const node of model.graph.nodes)
    if (node.op === 'call_module') calls.set(node.target, (calls.get(node.target) ?? 0) + 1);
  return model.graph.nodes.flatMap((layer) => {
    const spec = layer.op === 'call_module' ? model.modules[layer.target] : undefined;
    if (layer.op !== 'call_module' || !spec || !WITH_RELU.has(spec.type)) return [];
    if (spec.type === LINEAR && FOLDED in spec.attrs) return [];
    const [relu, ...others] = index.users(layer.name);
    const once = relu !== undefined && others.length === 0 && calls.get(layer.target) === 1;
    if (!once || !isFusibleRelu(model, relu)) return [];
    return [{ layer, relu, next: model.graph.nodes[index.position(relu.name) + 1]?.name ?? null }];
  });
}

const isFusibleRelu = (model: Model, node: Node): boolean =>
  (node.op === 'call_module' && model.modules[node.target]?.type === 'torch.nn.ReLU') ||
  (node.op === 'call_function' && node.target === 'torch.nn.functional.relu');
