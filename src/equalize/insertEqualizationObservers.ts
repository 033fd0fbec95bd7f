import { GraphError } from '../graph/errors';
import { type ModuleName, moduleName, type NodeName } from '../graph/ids';
import type { Model, ModuleSpec } from '../graph/model';
import { INPUT_EQUALIZATION_OBSERVER, WEIGHT_EQUALIZATION_OBSERVER } from '../graph/moduleTypes';
import { firstInput, isNodeRef, type Node, ref } from '../graph/node';
import { Rewriter } from '../graph/rewriter';
import { weightNode } from '../quant/functionalWeight';
import { channelAxis } from '../quant/layerAxes';
import type { EqualizationObserver, ObservedModel } from '../quant/observer';
import type { PassResult } from '../quant/passResult';
import { type EqualizationConfig, eligibleLayers } from './eligibility';

/**
 * Puts an input-equalization observer between the observer of a layer's input and the layer
 * (torch/ao/quantization/fx/prepare.py, `maybe_insert_input_equalization_observers_for_node`):
 *
 *     x → obs → linear        becomes        x → obs → obs_equalization_process_0 → linear
 *
 * and so behind the observer of a functional layer's weight:
 *
 *     w → obs → F.linear      becomes        w → obs → obs_equalization_process_0 → F.linear
 *
 * Layers that read the same tensor along one axis share one, since they will share one scale. `float` is the model
 * before its observers were inserted: eligibility is a question to the user's graph.
 */
export function insertEqualizationObservers(
  float: Model,
  observed: ObservedModel,
  config: EqualizationConfig,
): PassResult<ObservedModel> {
  const rewriter = new Rewriter(observed.graph);
  const modules: Record<ModuleName, ModuleSpec> = { ...observed.modules };
  const equalizationObservers: Record<ModuleName, EqualizationObserver> = {
    ...observed.equalizationObservers,
  };
  const weightEqualizationObservers = { ...observed.weightEqualizationObservers };
  const inserted = new Map<string, NodeName>();
  for (const {
    layer: { node, call },
    skip,
  } of eligibleLayers(float, config, observed.qconfigs)) {
    if (skip) continue;
    const layer = node.name;
    const input = firstInput(rewriter.get(layer));
    if (input === null) throw new GraphError(`internal: '${layer}' has no input to observe.`, layer);
    const axis = config.semantics === 'pytorch' ? 1 : channelAxis(call);
    const name = inserted.get(`${axis} ${input}`) ?? insert(input, layer, axis);
    rewriter.rewire(layer, input, name, `${layer} reads its input through ${name}.`);
    observeColumns(layer);
  }
  return {
    model: {
      ...observed,
      graph: rewriter.graph,
      modules,
      equalizationObservers,
      weightEqualizationObservers,
    },
    changes: rewriter.changes,
  };

  function insert(observer: NodeName, layer: NodeName, axis: number): NodeName {
    const name = rewriter.freeName(`${observer}_equalization_process_0`, modules);
    const target = moduleName(name);
    const observing: Node = { name, op: 'call_module', target, args: [ref(observer)], kwargs: {} };
    modules[target] = { type: INPUT_EQUALIZATION_OBSERVER, attrs: { dtype: 'torch.quint8' } };
    equalizationObservers[target] = { axis, channels: null };
    inserted.set(`${axis} ${observer}`, name);
    rewriter.insertAfter(
      observer,
      observing,
      `${name} records the range of each column that ${layer} reads.`,
    );
    return name;
  }

  /** A functional layer's weight has an observer of its columns too; PyTorch sees positional arguments alone. */
  function observeColumns(layer: NodeName): void {
    const weight = weightNode(rewriter.get(layer));
    const byKeyword = !isNodeRef(rewriter.get(layer).args[1]);
    if (weight === null || (byKeyword && config.semantics === 'pytorch')) return;
    const name = rewriter.freeName(`${weight}_equalization_process_0`, modules);
    const target = moduleName(name);
    modules[target] = { type: WEIGHT_EQUALIZATION_OBSERVER, attrs: { dtype: 'torch.qint8' } };
    weightEqualizationObservers[target] = null;
    const observing: Node = { name, op: 'call_module', target, args: [ref(weight)], kwargs: {} };
    rewriter.insertAfter(weight, observing, `${name} records the range of each column of ${layer}'s weight.`);
    rewriter.rewire(layer, weight, name, `${layer} reads its weight through ${name}.`);
  }
}
