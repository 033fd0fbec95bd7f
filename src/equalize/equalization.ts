import { GraphError } from '../graph/errors';
import { type ModuleName, moduleName, type NodeName, type ParamName } from '../graph/ids';
import type { ModuleSpec } from '../graph/model';
import { firstInput, inputsOf, type Node, ref } from '../graph/node';
import { Rewriter } from '../graph/rewriter';
import { asFloat, floatTensor, type Tensor } from '../graph/tensor';
import { type EqualizationObserver, type ObservedModel, overallRange } from '../quant/observer';
import type { PassResult } from '../quant/passResult';
import type { LayerNode } from '../quant/weightUse';
import { ActivationObservers } from './activationObservers';
import { absorbedBias } from './biasAbsorption';
import type { LayerDecision } from './decision';
import type { Eligibility } from './eligibility';
import { withDividedColumns, withMultipliedRows } from './layerWeight';
import { freeParamName } from './paramNames';
import { multiplyAlong, multiplyBias } from './weight';
import { WeightObservers } from './weightObservers';

/** What `equalize` returns beside the model. */
export interface EqualizeResult extends PassResult<ObservedModel> {
  readonly decisions: readonly LayerDecision[];
  /** Scale of each layer's output where its rows took one: its values must be divided by it to be compared. */
  readonly outputScales: ReadonlyMap<NodeName, Float32Array>;
  /** What each layer's output lacks, per channel, since the layers behind absorbed it from its bias. */
  readonly outputShifts: ReadonlyMap<NodeName, Float32Array>;
  /** Values that carry the scale of a fold, each with the first node whose tensors took it. */
  readonly scaledValues: ReadonlyMap<NodeName, NodeName>;
  /** Observers that got the range of a scaled tensor: those that need more than its range must see it themselves. */
  readonly rescaled: ReadonlySet<ModuleName>;
}

/** A tensor to be multiplied along an axis (from the start), one factor an entry. */
export interface ScaledTensor {
  readonly param: ParamName;
  readonly axis: number;
  readonly factors: Float32Array;
}

/** A model under equalization: the edits that both semantics are made of. */
export class Equalization {
  private readonly rewriter: Rewriter;
  private readonly modules: Record<ModuleName, ModuleSpec>;
  private readonly params: Record<ParamName, Tensor>;
  readonly activations: ActivationObservers;
  readonly weights: WeightObservers;
  private readonly floatNodes: NodeName[];
  readonly decisions: LayerDecision[] = [];
  readonly outputScales = new Map<NodeName, Float32Array>();
  readonly outputShifts = new Map<NodeName, Float32Array>();
  readonly scaledValues = new Map<NodeName, NodeName>();

  constructor(private readonly model: ObservedModel) {
    this.rewriter = new Rewriter(model.graph);
    this.modules = { ...model.modules };
    this.params = { ...model.params };
    this.activations = new ActivationObservers(model, this.rewriter, this.modules);
    this.weights = new WeightObservers(model, this.rewriter, this.modules);
    this.floatNodes = [...model.floatNodes];
  }

  result(): EqualizeResult {
    const { modules, params, floatNodes } = this;
    const equalizationObservers: Record<ModuleName, EqualizationObserver> = {};
    for (const node of this.rewriter.graph.nodes) {
      const observer = node.op === 'call_module' ? this.model.equalizationObservers[node.target] : undefined;
      if (node.op === 'call_module' && observer) equalizationObservers[node.target] = observer;
    }
    for (const target of Object.keys(this.model.equalizationObservers))
      if (!Object.hasOwn(equalizationObservers, target)) delete modules[moduleName(target)];
    const observers = { ...this.activations.state(), ...this.weights.state() };
    const model = { ...this.model, graph: this.rewriter.graph, modules, params, floatNodes, ...observers };
    const { decisions, outputScales, outputShifts, scaledValues } = this;
    return {
      model: { ...model, equalizationObservers },
      changes: this.rewriter.changes,
      decisions,
      outputScales,
      outputShifts,
      scaledValues,
      rescaled: this.activations.rescaled,
    };
  }

  /** Notes the layers that were left alone; every layer must then have its decision. */
  decideSkipped(layers: readonly Eligibility[]): void {
    const decided = new Set(this.decisions.map((decision) => decision.layer));
    for (const {
      layer: { node },
      skip,
    } of layers) {
      const layer = node.name;
      if (skip) this.decisions.push({ layer, decision: 'skip', reason: skip, scale: null, input: null });
      else if (!decided.has(layer))
        throw new GraphError(`internal: nothing was decided for '${layer}'.`, layer);
    }
  }

  node(name: NodeName): Node {
    return this.rewriter.get(name);
  }
  users(name: NodeName): readonly Node[] {
    return this.rewriter.users(name);
  }

  /**
   * Puts `value · scale` before the node `before` and returns the mul's name. The scale's shape must broadcast over
   * the value; its name follows the seed: `x_equalization_scale0`.
   */
  insertMul(
    value: NodeName,
    before: NodeName,
    scale: Float32Array,
    shape: readonly number[],
    formula: string,
  ): NodeName {
    const target = freeParamName(`${value}_equalization_scale`, this.params);
    this.params[target] = floatTensor(shape, scale);
    const scaleNode: Node = {
      name: this.rewriter.freeName(target),
      op: 'get_attr',
      target,
      args: [],
      kwargs: {},
    };
    this.rewriter.insertBefore(before, scaleNode, `${target} holds one factor per column: ${formula}.`);
    const mul: Node = {
      name: this.rewriter.freeName('mul'),
      op: 'call_function',
      target: 'torch.mul',
      args: [ref(value), ref(scaleNode.name)],
      kwargs: {},
    };
    this.rewriter.insertBefore(before, mul, `${mul.name} = ${value} · ${target}`);
    this.floatNodes.push(mul.name);
    return mul.name;
  }

  rewire(user: NodeName, from: NodeName, to: NodeName): void {
    this.rewriter.rewire(user, from, to, `${user} reads ${to} instead of ${from}.`);
  }

  remove(name: NodeName, replacement: NodeName, why = `${name} has done its work.`): void {
    this.rewriter.remove(name, replacement, why);
  }

  /** `W[:, c] / s_c` for a layer whose input was scaled. */
  divideColumns({ node, call }: LayerNode, scale: Float32Array): void {
    const { weight } = call.attrs;
    const before = asFloat(this.params[weight], weight);
    this.params[weight] = withDividedColumns(call, before, scale);
    this.rewriter.rescale(node.name, 'columns', [weight], `${weight}: every column is divided by its scale.`);
  }

  /** `W[r, :] · s_r` and `b_r · s_r` for a layer whose output is to be scaled. */
  multiplyRows({ node, call }: LayerNode, scale: Float32Array, reader: string, withBias = true): void {
    const { weight } = call.attrs;
    const bias = withBias ? call.attrs.bias : null;
    this.params[weight] = withMultipliedRows(call, asFloat(this.params[weight], weight), scale);
    if (bias) this.params[bias] = multiplyBias(asFloat(this.params[bias], bias), scale);
    const params = bias ? [weight, bias] : [weight];
    this.rewriter.rescale(
      node.name,
      'rows',
      params,
      `${params.join(' and ')}: rows are multiplied by the scale of ${reader}.`,
    );
    this.outputScales.set(node.name, scale);
  }

  /** `b_r − c_r`, one amount a row. */
  lowerBias({ node, call }: LayerNode, amounts: Float32Array): void {
    const { bias } = call.attrs;
    if (bias === null) throw new GraphError(`internal: '${node.name}' has no bias to lower.`, node.name);
    const before = asFloat(this.params[bias], bias);
    this.params[bias] = floatTensor(
      before.shape,
      before.data.map((value, row) => value - (amounts[row] ?? 0)),
    );
    this.rewriter.rescale(
      node.name,
      'bias-lowered',
      [bias],
      `${bias}: what its output never falls below is left out.`,
    );
    this.outputShifts.set(node.name, amounts);
  }

  /** `b + W c`, one amount for each input channel. */
  raiseBias(layer: LayerNode, amounts: Float32Array): void {
    const { node, call } = layer;
    const { bias, weight } = call.attrs;
    if (bias === null) throw new GraphError(`internal: '${node.name}' has no bias to raise.`, node.name);
    const columns = asFloat(this.params[weight], weight);
    this.params[bias] = absorbedBias(asFloat(this.params[bias], bias), columns, layer, amounts);
    this.rewriter.rescale(node.name, 'bias-raised', [bias], `${bias}: takes over what was left out before.`);
  }

  /** Tensors of a node that is no layer (a normalization, an addition of a constant) are multiplied along their axes. */
  multiplyParams(name: NodeName, scaled: readonly ScaledTensor[], reader: string): void {
    for (const { param, axis, factors } of scaled)
      this.params[param] = multiplyAlong(asFloat(this.params[param], param), axis, factors);
    const params = scaled.map(({ param }) => param);
    const sentence = `${params.join(' and ')}: multiplied by the scale of ${reader}.`;
    this.rewriter.rescale(name, 'tensors', params, sentence);
    for (const input of inputsOf(this.rewriter.get(name))) this.observeConstant(input, params);
  }

  /** An observer of a constant sees the scaled one. */
  private observeConstant(name: NodeName, params: readonly ParamName[]): void {
    const observer = this.rewriter.get(name);
    const input = firstInput(observer);
    const source = input === null ? undefined : this.rewriter.get(input);
    if (observer.op !== 'call_module' || source?.op !== 'get_attr' || !params.includes(source.target)) return;
    const { data } = asFloat(this.params[source.target], source.target);
    const range = overallRange({ min: data, max: data });
    this.activations.setRange({ node: name, module: observer.target, range });
  }
}
