import { GraphIndex } from '../../graph/graph';
import type { ModuleName } from '../../graph/ids';
import type { Model, ModuleSpec } from '../../graph/model';
import { LINEAR, shortType } from '../../graph/moduleTypes';
import type { CallModule, Node } from '../../graph/node';
import { Rewriter } from '../../graph/rewriter';
import type { PassResult } from '../passResult';
import type { Semantics } from '../semantics';
import { checkFusedTensors } from './checkFusedTensors';
import { FOLDED, foldBatchNorm } from './foldBatchNorm';
import { isFusibleRelu, noteOfRelu, TAKEN_RELUS, WITH_RELU } from './fusedRelu';
import { fuseRepeated } from './fuseRepeated';

interface Fusion {
  readonly layer: CallModule;
  readonly relu: Node;
}

/**
 * What `prepare_fx` does first: batch normalization is folded (`foldBatchNorm`), then ReLU is fused (`fuseRelu`). In
 * PyTorch semantics modules with several calls come before, whatever that does to the function (`fuseRepeated`), and a
 * tensor that nothing can read afterwards is an error.
 */
export function fuse<M extends Model>(model: M, semantics: Semantics = 'exact'): PassResult<M> {
  const passes = fusions(model, semantics);
  const fused = passes.at(-1)?.model ?? model;
  if (semantics === 'pytorch') checkFusedTensors(model, fused);
  return { model: fused, changes: passes.flatMap(({ changes }) => changes) };
}

/** The passes of `fuse`, one after the other: what each made of the model. */
export function fusions<M extends Model>(model: M, semantics: Semantics): readonly PassResult<M>[] {
  const repeated = semantics === 'pytorch' ? [fuseRepeated(model)] : [];
  const folded = foldBatchNorm(repeated[0]?.model ?? model, semantics);
  return [...repeated, folded, fuseRelu(folded.model)];
}

/**
 * Fuses a layer and its ReLU (torch/ao/quantization/fx/fuse.py):
 *
 *     x → linear → relu → y        becomes        x → linear (LinearReLU) → y
 *
 * where the ReLU stood, and so ConvReLU and BNReLU, for `torch.nn.ReLU` and `F.relu`, when nothing else reads the layer and its module is
 * called once. The fused module remembers the ReLU it took in, so that `unfuse` gives back the user's graph, node for
 * node. A Linear that took in a batch normalization keeps its ReLU apart: PyTorch has no pattern for the three.
 */
function fuseRelu<M extends Model>(model: M): PassResult<M> {
  const rewriter = new Rewriter(model.graph);
  const modules: Record<ModuleName, ModuleSpec> = { ...model.modules };
  const index = new GraphIndex(model.graph);
  for (const { layer, relu } of findFusions(model)) {
    const spec = model.modules[layer.target];
    const type = spec && WITH_RELU.get(spec.type);
    if (!spec || !type) continue;
    modules[layer.target] = {
      type,
      attrs: { ...spec.attrs, [TAKEN_RELUS]: [noteOfRelu(index, layer.name, relu)] },
    };
    const fused = shortType(type);
    rewriter.rescale(layer.name, 'relu', [], `${layer.name} becomes a ${fused}: it takes in ${relu.name}.`);
    rewriter.moveBefore(layer.name, relu.name, `${layer.name} stands where ${relu.name} did.`);
    rewriter.remove(relu.name, layer.name, `${relu.name} is now a part of ${layer.name}.`);
  }
  return { model: { ...model, graph: rewriter.graph, modules }, changes: rewriter.changes };
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
    return [{ layer, relu }];
  });
}
