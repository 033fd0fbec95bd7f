import { GraphIndex } from '../../graph/graph';
import { type ModuleName, type NodeName, type ParamName, paramOf } from '../../graph/ids';
import type { Model, ModuleSpec } from '../../graph/model';
import { LINEAR } from '../../graph/moduleTypes';
import type { CallModule, Node } from '../../graph/node';
import { Rewriter } from '../../graph/rewriter';
import type { Tensor } from '../../graph/tensor';
import type { PassResult } from '../passResult';
import { checkAffine, FOLDED, folding, NORM_OF, withoutUnused } from './foldBatchNorm';
import { isFusibleRelu, noteOfRelu, TAKEN_RELUS, WITH_RELU } from './fusedRelu';

/** What PyTorch fuses into one call of a module. */
interface Match {
  readonly layer: CallModule;
  readonly norm: CallModule | null;
  readonly relu: Node | null;
}

/**
 * What PyTorch 1.13.1 makes of modules that are called more than once (torch/ao/quantization/fx/fuse.py): it fuses call by
 * call and puts what it made in the module's place, so that the last call decides for all of them.
 *
 *     x → fc → relu → fc → y        becomes        x → fc (LinearReLU) → fc (LinearReLU) → y
 *
 * The function changes wherever the calls differ. Exact semantics leaves such modules alone.
 */
export function fuseRepeated<M extends Model>(model: M): PassResult<M> {
  const rewriter = new Rewriter(model.graph);
  const modules: Record<ModuleName, ModuleSpec> = { ...model.modules };
  const params: Record<ParamName, Tensor> = { ...model.params };
  for (const matches of findMatches(model)) {
    const [last] = matches.slice(-1);
    const spec = last && model.modules[last.layer.target];
    if (!last || !spec) continue;
    for (const { layer, norm } of matches) if (norm) checkAffine(model, { layer, norm });
    const { target } = last.layer;
    modules[target] = fusedModule(model, spec, matches, last);
    const folded = last.norm && folding(model, { layer: last.layer, norm: last.norm });
    if (folded) {
      params[paramOf(target, 'weight')] = folded.weight;
      params[paramOf(target, 'bias')] = folded.bias;
    }
    for (const match of matches) removeFused(rewriter, match, last);
  }
  const fused = { ...model, graph: rewriter.graph, modules, params };
  return { model: withoutUnused(fused, model), changes: rewriter.changes };
}

function fusedModule(model: Model, spec: ModuleSpec, matches: readonly Match[], last: Match): ModuleSpec {
  const index = new GraphIndex(model.graph);
  const norms = matches.flatMap(({ layer, norm }) => (norm ? [[layer.name, norm.name]] : []));
  const relus = matches.flatMap(({ layer, relu }) => (relu ? [noteOfRelu(index, layer.name, relu)] : []));
  return {
    type: (last.relu && WITH_RELU.get(spec.type)) ?? spec.type,
    attrs: {
      ...spec.attrs,
      ...(last.norm && { bias: true }),
      ...(norms.length > 0 && { [FOLDED]: norms }),
      ...(last.relu && { [TAKEN_RELUS]: relus }),
    },
  };
}

function removeFused(rewriter: Rewriter, { layer, norm, relu }: Match, last: Match): void {
  const params = last.norm ? [paramOf(layer.target, 'weight'), paramOf(layer.target, 'bias')] : [];
  rewriter.rescale(
    layer.name,
    last.norm ? 'normalization' : 'relu',
    params,
    `${layer.target} becomes what PyTorch fuses at ${last.layer.name}.`,
  );
  for (const part of [norm, relu]) {
    if (!part) continue;
    rewriter.moveBefore(layer.name, part.name, `${layer.name} stands where ${part.name} did.`);
    rewriter.remove(part.name, layer.name, `${part.name} is now a part of ${layer.name}.`);
  }
}

/** For each module with more than one call, the calls with something to fuse, in the order in which PyTorch comes to them. */
function findMatches(model: Model): readonly (readonly Match[])[] {
  const index = new GraphIndex(model.graph);
  const calls = new Map<ModuleName, CallModule[]>();
  const folded = new Set<NodeName>();
  for (const node of model.graph.nodes) {
    if (node.op !== 'call_module') continue;
    const norm = normBehind(model, index, node);
    if (norm) folded.add(norm.name);
    if (WITH_RELU.has(model.modules[node.target]?.type ?? ''))
      calls.set(node.target, [...(calls.get(node.target) ?? []), node]);
  }
  const place = ({ norm, relu, layer }: Match) => index.position((relu ?? norm ?? layer).name);
  return [...calls.values()].flatMap((layers) => {
    if (layers.length < 2) return [];
    const matches = layers.flatMap((layer) =>
      folded.has(layer.name) ? [] : (matchOf(model, index, layer) ?? []),
    );
    return [matches.toSorted((a, b) => place(a) - place(b))];
  });
}

/** The longest of PyTorch's patterns: a Linear takes in a normalization or a ReLU, a convolution both. */
function matchOf(model: Model, index: GraphIndex, layer: CallModule): Match | null {
  const norm = normBehind(model, index, layer);
  const takesBoth = model.modules[layer.target]?.type !== LINEAR;
  const relu = norm && !takesBoth ? null : reluBehind(model, index, norm ?? layer);
  return norm || relu ? { layer, norm, relu } : null;
}

function normBehind(model: Model, index: GraphIndex, layer: CallModule): CallModule | null {
  const [norm, ...others] = index.users(layer.name);
  const wanted = NORM_OF.get(model.modules[layer.target]?.type ?? '');
  const isNorm = norm?.op === 'call_module' && model.modules[norm.target]?.type === wanted;
  return wanted !== undefined && isNorm && others.length === 0 ? norm : null;
}

function reluBehind(model: Model, index: GraphIndex, node: Node): Node | null {
  const [relu, ...others] = index.users(node.name);
  return relu && others.length === 0 && isFusibleRelu(model, relu) ? relu : null;
}
