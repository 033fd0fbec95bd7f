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
import type { LayerNode } from '../quant/weightUse';
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
  const inserter = new ObserverInserter(observed, config);
  for (const { layer, skip } of eligibleLayers(float, config, observed.qconfigs)) {
    if (skip) continue;
    inserter.observeInput(layer);
    inserter.observeColumns(layer.node.name);
  }
  return inserter.result();
}

/** The graph while observers are put into it, and what they observe. */
class ObserverInserter {
  private readonly rewriter: Rewriter;
  private readonly modules: Record<ModuleName, ModuleSpec>;
  private readonly equalizationObservers: Record<ModuleName, EqualizationObserver>;
  private readonly weightEqualizationObservers: Record<
    ModuleName,
    ObservedModel['weightEqualizationObservers'][ModuleName]
  >;
  /** By axis and observed value. */
  private readonly inserted = new Map<string, NodeName>();

  constructor(
    private readonly observed: ObservedModel,
    private readonly config: EqualizationConfig,
  ) {
    this.rewriter = new Rewriter(observed.graph);
    this.modules = { ...observed.modules };
    this.equalizationObservers = { ...observed.equalizationObservers };
    this.weightEqualizationObservers = { ...observed.weightEqualizationObservers };
  }

  result(): PassResult<ObservedModel> {
    const { modules, equalizationObservers, weightEqualizationObservers } = this;
    return {
      model: {
        ...this.observed,
        graph: this.rewriter.graph,
        modules,
        equalizationObservers,
        weightEqualizationObservers,
      },
      changes: this.rewriter.changes,
    };
  }

  observeInput({ node: { name: layer }, call }: LayerNode): void {
    const input = firstInput(this.rewriter.get(layer));
    if (input === null) throw new GraphError(`internal: '${layer}' has no input to observe.`, layer);
    const axis = this.config.semantics === 'pytorch' ? 1 : channelAxis(call);
    const name = this.inserted.get(`${axis} ${input}`) ?? this.insertBehind(input, layer, axis);
    this.rewriter.rewire(layer, input, name, `${layer} reads its input through ${name}.`);
  }

  private insertBehind(observer: NodeName, layer: NodeName, axis: number): NodeName {
    const { name, target, node } = this.observing(observer);
    this.modules[target] = { type: INPUT_EQUALIZATION_OBSERVER, attrs: { dtype: 'torch.quint8' } };
    this.equalizationObservers[target] = { axis, channels: null };
    this.inserted.set(`${axis} ${observer}`, name);
    this.rewriter.insertAfter(
      observer,
      node,
      `${name} records the range of each column that ${layer} reads.`,
    );
    return name;
  }

  /** A functional layer's weight has an observer of its columns too; PyTorch sees positional arguments alone. */
  observeColumns(layer: NodeName): void {
    const { rewriter } = this;
    const weight = weightNode(rewriter.get(layer));
    const byKeyword = !isNodeRef(rewriter.get(layer).args[1]);
    if (weight === null || (byKeyword && this.config.semantics === 'pytorch')) return;
    const { name, target, node } = this.observing(weight);
    this.modules[target] = { type: WEIGHT_EQUALIZATION_OBSERVER, attrs: { dtype: 'torch.qint8' } };
    this.weightEqualizationObservers[target] = null;
    rewriter.insertAfter(weight, node, `${name} records the range of each column of ${layer}'s weight.`);
    rewriter.rewire(layer, weight, name, `${layer} reads its weight through ${name}.`);
  }

  /** A node that observes a value, under the name that PyTorch gives it. */
  private observing(value: NodeName): {
    readonly name: NodeName;
    readonly target: ModuleName;
    readonly node: Node;
  } {
    const name = this.rewriter.freeName(`${value}_equalization_process_0`, this.modules);
    const target = moduleName(name);
    return { name, target, node: { name, op: 'call_module', target, args: [ref(value)], kwargs: {} } };
  }
}
