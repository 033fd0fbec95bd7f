import { GraphIndex } from '../graph/graph';
import { type ModuleName, nodeName } from '../graph/ids';
import type { Model, ModuleSpec } from '../graph/model';
import { LINEAR, LINEAR_RELU } from '../graph/moduleTypes';
import type { CallModule, Node } from '../graph/node';
import { Rewriter } from '../graph/rewriter';
import type { PassResult } from './passResult';

interface Fusion {
  readonly linear: CallModule;
  readonly relu: Node;
}

/**
 * Fuses Linear and ReLU into `LinearReLU`, as `prepare_fx` does first (torch/ao/quantization/fx/fuse.py):
 *
 *     x → linear → relu → y        becomes        x → linear (LinearReLU) → y
 *
 * for `torch.nn.ReLU` and `F.relu`, when nothing else reads the Linear and its module is called once. The fused
 * module remembers the ReLU it took in, so that `unfuse` gives back the user's graph.
 */
export function fuse<M extends Model>(model: M): PassResult<M> {
  const rewriter = new Rewriter(model.graph);
  const modules: Record<ModuleName, ModuleSpec> = { ...model.modules };
  for (const { linear, relu } of findFusions(model)) {
    const spec = model.modules[linear.target];
    if (!spec) continue;
    modules[linear.target] = {
      type: LINEAR_RELU,
      attrs: {
        ...spec.attrs,
        relu_node: relu.name,
        relu_op: relu.op,
        relu_target: relu.target,
        ...inplaceOf(relu),
      },
    };
    rewriter.rescale(linear.name, [], `${linear.name} becomes a LinearReLU: it takes in ${relu.name}.`);
    rewriter.remove(relu.name, linear.name, `${relu.name} is now a part of ${linear.name}.`);
  }
  return { model: { ...model, graph: rewriter.graph, modules }, changes: rewriter.changes };
}

const inplaceOf = (relu: Node) =>
  typeof relu.kwargs.inplace === 'boolean' ? { relu_inplace: relu.kwargs.inplace } : {};

function findFusions(model: Model): readonly Fusion[] {
  const index = new GraphIndex(model.graph);
  const calls = new Map<ModuleName, number>();
  for (const node of model.graph.nodes)
    if (node.op === 'call_module') calls.set(node.target, (calls.get(node.target) ?? 0) + 1);
  return model.graph.nodes.flatMap((linear) => {
    if (linear.op !== 'call_module' || model.modules[linear.target]?.type !== LINEAR) return [];
    const [relu, ...others] = index.users(linear.name);
    const once = relu !== undefined && others.length === 0 && calls.get(linear.target) === 1;
    return once && isFusibleRelu(model, relu) ? [{ linear, relu }] : [];
  });
}

const isFusibleRelu = (model: Model, node: Node): boolean =>
  (node.op === 'call_module' && model.modules[node.target]?.type === 'torch.nn.ReLU') ||
  (node.op === 'call_function' && node.target === 'torch.nn.functional.relu');

/** Gives every LinearReLU its ReLU back: the inverse of `fuse`. */
export function unfuse<M extends Model>(model: M): M {
  const rewriter = new Rewriter(model.graph);
  const modules: Record<ModuleName, ModuleSpec> = { ...model.modules };
  for (const node of model.graph.nodes) {
    const spec = node.op === 'call_module' ? model.modules[node.target] : undefined;
    if (node.op !== 'call_module' || spec?.type !== LINEAR_RELU) continue;
    const { relu_node, relu_op, relu_target, relu_inplace, ...attrs } = spec.attrs;
    modules[node.target] = { type: LINEAR, attrs };
    const kwargs: Node['kwargs'] = typeof relu_inplace === 'boolean' ? { inplace: relu_inplace } : {};
    const users = rewriter.users(node.name);
    const relu = {
      name: nodeName(String(relu_node)),
      op: relu_op === 'call_module' ? 'call_module' : 'call_function',
      target: relu_target,
      args: [{ node: node.name }],
      kwargs,
    } as Node;
    rewriter.insertAfter(node.name, relu, `${relu.name} stands on its own again.`);
    for (const user of users)
      rewriter.rewire(user.name, node.name, relu.name, `${user.name} reads ${relu.name}.`);
  }
  return { ...model, graph: rewriter.graph, modules };
}
