import { moduleName } from '../graph/ids';
import type { Model, ModuleSpec } from '../graph/model';
import { isNodeRef } from '../graph/node';
import { Rewriter } from '../graph/rewriter';
import { unfuse } from './fuse/unfuse';
import { isObserver, type ObservedModel } from './observer';

/**
 * The float model inside a prepared or equalized one: observers gone, fused modules apart again. Of a prepared
 * model it is the user's model, of an equalized one the model to export.
 *
 *     x → observer → linear (LinearReLU) → observer → y        becomes        x → linear → relu → y
 */
export function floatModel(model: ObservedModel): Model {
  const rewriter = new Rewriter(model.graph);
  for (const node of model.graph.nodes) {
    if (node.op !== 'call_module' || !isObserver(model, node.target)) continue;
    const [input] = rewriter.get(node.name).args;
    if (isNodeRef(input)) rewriter.remove(node.name, input.node, `${node.name} only observed.`);
  }
  const { name, params, parameters, tied, inputShapes, inputTypes } = model;
  const modules = Object.fromEntries(
    Object.entries<ModuleSpec>(model.modules).filter(([target]) => !isObserver(model, moduleName(target))),
  );
  return unfuse({
    name,
    params,
    ...(parameters && { parameters }),
    ...(tied && { tied }),
    inputShapes,
    ...(inputTypes && { inputTypes }),
    graph: rewriter.graph,
    modules,
  });
}
