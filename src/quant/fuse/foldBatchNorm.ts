import { GraphError } from '../../graph/errors';
import { GraphIndex } from '../../graph/graph';
import {
  type ModuleName,
  moduleName,
  type NodeName,
  type ParamName,
  paramName,
  paramOf,
} from '../../graph/ids';
import { inferShapes } from '../../graph/inferShapes';
import type { Attribute, Model, ModuleSpec } from '../../graph/model';
import { batchNormType, convTransposeType, convType, type Dims, LINEAR } from '../../graph/moduleTypes';
import type { CallModule } from '../../graph/node';
import type { OpCall } from '../../graph/op';
import { resolveNode } from '../../graph/resolve';
import { Rewriter } from '../../graph/rewriter';
import type { Shape } from '../../graph/shape';
import type { Tensor } from '../../graph/tensor';
import { isLayerCall, outputChannels } from '../layerAxes';
import type { PassResult } from '../passResult';
import type { Semantics } from '../semantics';
import { paramUseCounts } from '../weightUse';
import { type FoldedWeights, foldedWeights } from './foldedWeights';

/** One call of a layer and the batch normalization that alone reads it. */
interface Pair {
  readonly layer: CallModule;
  readonly norm: CallModule;
}

const DIMENSIONS: readonly Dims[] = [1, 2, 3];
/** The normalization that folds into each type of layer. */
export const NORM_OF: ReadonlyMap<string, string> = new Map([
  [LINEAR, batchNormType(1)],
  ...DIMENSIONS.map((dims) => [convType(dims), batchNormType(dims)] as const),
  ...DIMENSIONS.map((dims) => [convTransposeType(dims), batchNormType(dims)] as const),
]);

/** The attribute of a folded layer that says what it took in: a list of `[layer's node, normalization's node]`. */
export const FOLDED = 'batch_norm_nodes';

/** The normalization's node that a call of a folded layer stands for in the user's graph; null for another layer. */
export function foldedNorm(spec: ModuleSpec | undefined, call: NodeName): string | null {
  const pairs: Attribute = spec?.attrs[FOLDED] ?? [];
  if (!Array.isArray(pairs)) return null;
  for (const pair of pairs) if (Array.isArray(pair) && pair[0] === call) return String(pair[1]);
  return null;
}

/**
 * Folds a batch normalization into the layer in front of it, as `prepare_fx` does first with a model in evaluation
 * mode (torch/ao/quantization/fx/fuse.py, torch/nn/utils/fusion.py):
 *
 *     x → conv → bn → y        becomes        x → conv (weight and bias of both) → y
 *
 * for `nn.Conv1d` … `nn.Conv3d`, the transposed ones and `nn.Linear` with `nn.BatchNorm` of as many dimensions (one for Linear), where
 * nothing else reads the layer, each of its calls is followed by the same normalization, and nothing else uses its
 * tensors. The float model is the folded one from then on: `floatModel` does not undo it. PyTorch does not ask along
 * which axis the normalization works, and folds it into a Linear of three axes too.
 */
export function foldBatchNorm<M extends Model>(model: M, semantics: Semantics = 'exact'): PassResult<M> {
  const rewriter = new Rewriter(model.graph);
  const modules: Record<ModuleName, ModuleSpec> = { ...model.modules };
  const params: Record<ParamName, Tensor> = { ...model.params };
  for (const pairs of findPairs(model, semantics)) {
    const [first] = pairs;
    if (first && semantics === 'pytorch') checkAffine(model, first);
    const spec = first && model.modules[first.layer.target];
    const folded = first && folding(model, first);
    if (!first || !spec || !folded) continue;
    const { target } = first.layer;
    const nodes = pairs.map(({ layer, norm }) => [layer.name, norm.name]);
    modules[target] = { type: spec.type, attrs: { ...spec.attrs, bias: true, [FOLDED]: nodes } };
    params[paramOf(target, 'weight')] = folded.weight;
    params[paramOf(target, 'bias')] = folded.bias;
    const changed = [paramOf(target, 'weight'), paramOf(target, 'bias')];
    for (const { layer, norm } of pairs) {
      rewriter.rescale(
        layer.name,
        'normalization',
        changed,
        `${layer.name} takes the factors and summands of ${norm.name}.`,
      );
      rewriter.moveBefore(layer.name, norm.name, `${layer.name} stands where ${norm.name} did.`);
      rewriter.remove(norm.name, layer.name, `${norm.name} is now a part of ${layer.name}.`);
    }
  }
  const folded = { ...model, graph: rewriter.graph, modules, params };
  return { model: withoutUnused(folded, model), changes: rewriter.changes };
}

/** The pairs of each layer that can be folded. */
function findPairs(model: Model, semantics: Semantics): readonly (readonly Pair[])[] {
  const index = new GraphIndex(model.graph);
  const uses = paramUseCounts(model, index);
  const shapes = inferShapes(model);
  return [...layerCalls(model)].flatMap(([target, layers]) => {
    const pairs = layers.flatMap((layer) => pairOf(layer) ?? []);
    const sameNorm = pairs.every(({ norm }) => norm.target === pairs[0]?.norm.target);
    const ownTensors = ['weight', 'bias'].every((name) => {
      const count = uses.get(paramOf(target, name)) ?? 0;
      return count === 0 || count === layers.length;
    });
    return pairs.length === layers.length && sameNorm && ownTensors ? [pairs] : [];
  });

  function pairOf(layer: CallModule): Pair | null {
    const [norm, ...others] = index.users(layer.name);
    const type = model.modules[layer.target]?.type ?? '';
    if (norm?.op !== 'call_module' || others.length > 0) return null;
    const [call, normCall] = [resolveNode(model, index, layer), resolveNode(model, index, norm)];
    if (model.modules[norm.target]?.type !== NORM_OF.get(type) || !fits(call, normCall)) return null;
    return semantics === 'pytorch' || normalizesChannels(call, shapes.get(layer.name))
      ? { layer, norm }
      : null;
  }
}

/** The calls of each module that a normalization can be folded into. */
function layerCalls(model: Model): ReadonlyMap<ModuleName, readonly CallModule[]> {
  const calls = new Map<ModuleName, CallModule[]>();
  for (const node of model.graph.nodes) {
    const spec = node.op === 'call_module' ? model.modules[node.target] : undefined;
    if (node.op !== 'call_module' || !spec || !NORM_OF.has(spec.type) || FOLDED in spec.attrs) continue;
    calls.set(node.target, [...(calls.get(node.target) ?? []), node]);
  }
  return calls;
}

/**
 * Batch normalization looks along axis 1: a Linear's channels only in a matrix, a convolution's only in a batch (one
 * sample of a Conv1d would pass as a matrix).
 */
function normalizesChannels(call: OpCall | null, shape: Shape | undefined): boolean {
  const batch = call?.op === 'conv' || call?.op === 'conv_transpose' ? call.attrs.dims + 2 : 2;
  return (shape?.length ?? batch) === batch;
}

const fits = (call: OpCall | null, norm: OpCall | null): boolean =>
  norm?.op === 'batch_norm' && isLayerCall(call) && norm.attrs.features === outputChannels(call);

/**
 * PyTorch 1.13.1 multiplies a Linear by the normalization's weight, and raises a TypeError where there is none; a transposed
 * convolution's weight it multiplies along axis 1, which has one group's channels only.
 */
export function checkAffine(model: Model, { layer, norm }: Pair): void {
  const call = resolveNode(model, new GraphIndex({ nodes: [norm] }), norm);
  const hasWeight = call?.op === 'batch_norm' && call.attrs.weight !== null;
  const transposed = resolveNode(model, new GraphIndex({ nodes: [layer] }), layer);
  if (transposed?.op === 'conv_transpose' && transposed.attrs.groups > 1)
    throw new GraphError(
      `PyTorch 1.13.1 stops here: it folds '${norm.name}' into the transposed convolution '${layer.name}' as if that had one group, and it has ${transposed.attrs.groups}. Choose Exact semantics.`,
      norm.name,
    );
  if (hasWeight || model.modules[layer.target]?.type !== LINEAR) return;
  throw new GraphError(
    `PyTorch 1.13.1 stops here: it folds '${norm.name}' into the Linear '${layer.name}' by its weight, and a normalization with affine=False has none. Make it affine, or choose Exact semantics.`,
    norm.name,
  );
}

export function folding(model: Model, { layer, norm }: Pair): FoldedWeights | null {
  const index = new GraphIndex({ nodes: [layer, norm] });
  const call = resolveNode(model, index, layer);
  const normCall = resolveNode(model, index, norm);
  if (!isLayerCall(call) || normCall?.op !== 'batch_norm') return null;
  return foldedWeights(model, call, normCall.attrs);
}

const NORMS: ReadonlySet<string> = new Set(NORM_OF.values());

/** Without the normalizations that only the model before the pass called, and their tensors. */
export function withoutUnused<M extends Model>(model: M, before: Model): M {
  const calledIn = (graph: Model['graph']) =>
    new Set<string>(graph.nodes.flatMap((node) => (node.op === 'call_module' ? [node.target] : [])));
  const called = calledIn(model.graph);
  const gone = [...calledIn(before.graph)].filter(
    (target) => !called.has(target) && NORMS.has(before.modules[moduleName(target)]?.type ?? ''),
  );
  const read = new Set(model.graph.nodes.flatMap((node) => (node.op === 'get_attr' ? [node.target] : [])));
  const isGone = (param: string) =>
    gone.some((target) => param.startsWith(`${target}.`)) && !read.has(paramName(param));
  const keep = <T>(record: Readonly<Record<string, T>>, drop: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => !drop(key)));
  return {
    ...model,
    modules: keep(model.modules, (target) => gone.includes(target)),
    params: keep(model.params, isGone),
  };
}
