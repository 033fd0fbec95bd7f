import { constantBehind } from '../../graph/constantBehind';
import { removeDeadNodes } from '../../graph/deadNodes';
import { GraphIndex } from '../../graph/graph';
import { type ModuleName, moduleName, type NodeName, type ParamName, paramOf } from '../../graph/ids';
import type { ModuleSpec } from '../../graph/model';
import { type CallModule, firstInput, type Node } from '../../graph/node';
import { resolveNode } from '../../graph/resolve';
import { Rewriter } from '../../graph/rewriter';
import { asFloat, type Tensor } from '../../graph/tensor';
import { isLayerCall, type LayerCall } from '../layerAxes';
import { isObserver, type ObservedModel, observerQParams, observerState } from '../observer';
import type { PassResult } from '../passResult';
import { qconfigOf, weightObserverOf } from '../qconfigMapping';
import { weightAxis, weightQParams } from '../quantizeWeight';
import { observedQParams, observeWeight } from '../weightObserver';
import { attributePrefix } from './attributePrefix';
import { type GridTarget, insertGrid, type Quantization, qparamTensors } from './gridNodes';
import type { ReferenceModel } from './referenceModel';
import { referenceModule } from './referenceModule';

/** The graph that `convertReference` builds, edit by edit. */
export class ReferenceGraph implements GridTarget {
  readonly rewriter: Rewriter;
  readonly modules: Record<ModuleName, ModuleSpec>;
  readonly params: Record<ParamName, Tensor>;
  private readonly index: GraphIndex;

  constructor(private readonly model: ObservedModel) {
    this.rewriter = new Rewriter(model.graph);
    this.index = new GraphIndex(model.graph);
    this.modules = { ...model.modules };
    this.params = { ...model.params };
  }

  result(): PassResult<ReferenceModel> {
    removeDeadNodes(this.rewriter);
    const { name, inputShapes, inputTypes } = this.model;
    const modules = Object.fromEntries(
      Object.entries(this.modules).filter(([target]) => !isObserver(this.model, moduleName(target))),
    );
    const { graph, changes } = this.rewriter;
    const stated = { name, inputShapes, ...(inputTypes && { inputTypes }) };
    const model = { ...stated, modules, params: this.params, graph, keptFloat: this.keptFloat() };
    return { model, changes };
  }

  /** PyTorch's map of qconfigs does not know the nodes that equalization inserted: they do not count as float. */
  private keptFloat(): ReadonlySet<NodeName> {
    const { graph, qconfigs, floatNodes } = this.model;
    const inserted = new Set(floatNodes);
    const float = graph.nodes.filter((node) => qconfigOf(qconfigs, this.model, node) === null);
    return new Set(float.map((node) => node.name).filter((name) => !inserted.has(name)));
  }

  /** The equalization observer has done its work. */
  dropObserver(node: CallModule): void {
    const input = firstInput(this.rewriter.get(node.name));
    if (input) this.rewriter.remove(node.name, input, `${node.name} has done its work.`);
  }

  /** `value → observer` becomes `value → quantize_per_tensor → dequantize`. */
  quantizeObserved(node: CallModule): void {
    const observer = observerState(this.model, node.target);
    const value = firstInput(this.rewriter.get(node.name));
    if (!observer || !value) return;
    const prefix = attributePrefix(
      this.model,
      this.index,
      this.index.get(value),
      this.rewriter.users(node.name),
    );
    const qparams = [observerQParams(observer)];
    this.quantize(node, value, prefix, { qparams, axis: null, dtype: observer.spec.dtype });
  }

  /**
   * `w → observer → F.linear` becomes `w → quantize → dequantize → F.linear`. The observer sees the weight once
   * more (`run_weight_observers`): equalization may have scaled it, and reset the observer.
   */
  quantizeWeight(node: CallModule): void {
    const observer = this.model.weightObservers[node.target];
    const value = firstInput(this.rewriter.get(node.name));
    const param = constantBehind(this.model, this.index, node.name);
    if (!observer || !value || param === null) return;
    this.quantize(node, value, '', {
      qparams: observedQParams(observeWeight(observer, asFloat(this.params[param], param))),
      axis: weightAxis(observer),
      dtype: observer.spec.dtype,
    });
  }

  /** The steps to a grid and back take an observer's place. */
  private quantize(node: CallModule, value: NodeName, prefix: string, quantization: Quantization): void {
    const dequantize = insertGrid(this, value, prefix, quantization, (made, sentence) =>
      this.rewriter.insertBefore(node.name, made, sentence),
    );
    this.rewriter.remove(node.name, dequantize, `${dequantize} takes the place of ${node.name}.`);
  }

  /** A layer becomes its reference module; of a fused one, the layer in it (`convert_weighted_module`). */
  exchangeModule(node: CallModule): void {
    const call = this.model.unobserved.includes(node.name) ? null : this.layerCall(node);
    const spec = this.model.modules[node.target];
    const observer = call && weightObserverOf(this.model.qconfigs, this.model, node);
    if (!call || !spec || !observer) return;
    const { weight } = call.attrs;
    const qparams = weightQParams(asFloat(this.params[weight], weight), observer);
    const reference = referenceModule(spec, observer, qparams);
    if (!reference) return;
    const { scale, zeroPoint } = qparamTensors(qparams);
    this.modules[node.target] = reference;
    this.params[paramOf(node.target, 'weight_scale')] = scale;
    this.params[paramOf(node.target, 'weight_zero_point')] = zeroPoint;
    const what = `${node.name} becomes a reference module: it moves ${weight} to the int8 grid when it runs.`;
    this.rewriter.rescale(node.name, 'reference', [weight], what);
  }

  private layerCall(node: Node): LayerCall | null {
    const call = resolveNode(this.model, this.index, node);
    return isLayerCall(call) ? call : null;
  }
}
