import { GraphIndex } from '../graph/graph';
import type { ModuleName, NodeName } from '../graph/ids';
import type { Model, ModuleSpec } from '../graph/model';
import { LINEAR, LINEAR_RELU } from '../graph/moduleTypes';
import type { CallModule, Node } from '../graph/node';
import { Rewriter } from '../graph/rewriter';
import type { PassResult } from './passResult';

interface Fusion {
  readonly linear: CallModule;
  readonly relu: Node;
  /** The node behind the ReLU in the user's graph. */
  readonly next: NodeName | null;
}

/**
 * Fuses Linear and ReLU into `LinearReLU`, as `prepare_fx` does first (torch/ao/quantization/fx/fuse.py):
 *
 *     x → linear → relu → y        becomes        x → linear (LinearReLU) → y
 *
 * for `torch.nn.ReLU` and `F.relu`, when nothing else reads the Linear and its module is called once. The fused
 * module remembers the ReLU it took in, so that `unfuse` gives back the user's graph, node for node.
 */
export function fuse<M extends Model>(model: M): PassResult<M> {
  const rewriter = new Rewriter(model.graph);
  const modules: Record<ModuleName, ModuleSpec> = { ...model.modules };
  for (const { linear, relu, next } of findFusions(model)) {
    const spec = model.modules[linear.target];
    if (!spec) continue;
    modules[linear.target] = {
      type: LINEAR_RELU,
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
    rewriter.rescale(linear.name, [], `${linear.name} becomes a LinearReLU: it takes in ${relu.name}.`);
    rewriter.remove(relu.name, linear.name, `${relu.name} is now a part of ${linear.name}.`);
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
  return model.graph.nodes.flatMap((linear) => {
    if (linear.op !== 'call_module' || model.modules[linear.target]?.type !== LINEAR) return [];
    const [relu, ...others] = index.users(linear.name);
    const once = relu !== undefined && others.length === 0 && calls.get(linear.target) === 1;
    if (!once || !isFusibleRelu(model, relu)) return [];
    return [{ linear, relu, next: model.graph.nodes[index.position(relu.name) + 1]?.name ?? null }];
  });
}

const isFusibleRelu = (model: Model, node: Node): boolean =>
  (node.op === 'call_module' && model.modules[node.target]?.type === 'torch.nn.ReLU') ||
  (node.op === 'call_function' && node.target === 'torch.nn.functional.relu');
