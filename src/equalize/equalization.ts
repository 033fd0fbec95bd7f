import { GraphError } from '../graph/errors';
import { type ModuleName, moduleName, type NodeName, type ParamName } from '../graph/ids';
import type { ModuleSpec } from '../graph/model';
import { type Node, ref } from '../graph/node';
import { Rewriter } from '../graph/rewriter';
import { asFloat, floatTensor, type Tensor } from '../graph/tensor';
import { groupsOf } from '../quant/layerAxes';
import {
  type EqualizationObserver,
  type ObservedModel,
  type Observer,
  observerModule,
  observerRoot,
  observerState,
  rangedObserver,
} from '../quant/observer';
import type { TensorRange } from '../quant/observers/tensorRange';
import type { PassResult } from '../quant/passResult';
import type { ActivationObserver } from '../quant/qconfig';
import { activationObserverOf } from '../quant/qconfigMapping';
import type { LayerNode } from '../quant/weightUse';
import type { LayerDecision } from './decision';
import type { Eligibility } from './eligibility';
import { freeParamName } from './paramNames';
import { divideColumns, multiplyBias, multiplyRows } from './weight';
import { WeightObservers } from './weightObservers';

/** What `equalize` returns beside the model. */
export interface EqualizeResult extends PassResult<ObservedModel> {
  readonly decisions: readonly LayerDecision[];
  /** Scale of each layer's output where its rows took one: its values must be divided by it to be compared. */
  readonly outputScales: ReadonlyMap<NodeName, Float32Array>;
  /** Observers that got the range of a scaled tensor: those that need more than its range must see it themselves. */
  readonly rescaled: ReadonlySet<ModuleName>;
}

/** The range that an observer is to have, since its value was scaled. */
export interface ScaledRange {
  readonly node: NodeName;
  readonly module: ModuleName;
  readonly range: TensorRange;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
export const rangeText = (min: number, max: number): string => `[${short(min)}, ${short(max)}]`;

/** A model under equalization: the edits that both semantics are made of. */
export class Equalization {
  private readonly rewriter: Rewriter;
  private readonly modules: Record<ModuleName, ModuleSpec>;
  private readonly params: Record<ParamName, Tensor>;
  private readonly observers: Record<ModuleName, Observer>;
  readonly weights: WeightObservers;
  private readonly floatNodes: NodeName[];
  readonly decisions: LayerDecision[] = [];
  readonly outputScales = new Map<NodeName, Float32Array>();
  private readonly rescaled = new Set<ModuleName>();

  constructor(private readonly model: ObservedModel) {
    this.rewriter = new Rewriter(model.graph);
    this.modules = { ...model.modules };
    this.params = { ...model.params };
    this.observers = { ...model.observers };
    this.weights = new WeightObservers(model, this.rewriter, this.modules);
    this.floatNodes = [...model.floatNodes];
  }

  result(): EqualizeResult {
    const { modules, params, observers, floatNodes } = this;
    const equalizationObservers: Record<ModuleName, EqualizationObserver> = {};
    for (const node of this.rewriter.graph.nodes) {
      const observer = node.op === 'call_module' ? this.model.equalizationObservers[node.target] : undefined;
      if (node.op === 'call_module' && observer) equalizationObservers[node.target] = observer;
    }
    for (const target of Object.keys(this.model.equalizationObservers))
      if (!Object.hasOwn(equalizationObservers, target)) delete modules[moduleName(target)];
    const state = { modules, params, observers, floatNodes, ...this.weights.state() };
    const model = { ...this.model, graph: this.rewriter.graph, ...state };
    const { decisions, outputScales, rescaled } = this;
    return {
      model: { ...model, equalizationObservers },
      changes: this.rewriter.changes,
      decisions,
      outputScales,
      rescaled,
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

  /** A new observer behind `value`, in front of the node `before`, of the class that the layer behind asks for. */
  insertObserver(value: NodeName, before: NodeName, range: TensorRange): NodeName {
    const name = this.rewriter.freeName(`${value}_activation_post_process_0`, this.modules);
    const target = moduleName(name);
    const observer = rangedObserver(this.observerFor(before), range);
    const node: Node = { name, op: 'call_module', target, args: [ref(value)], kwargs: {} };
    this.modules[target] = observerModule(observer);
    this.observers[target] = observer;
    this.rescaled.add(target);
    this.rewriter.insertBefore(
      before,
      node,
      `${name} holds the scaled range ${rangeText(range.min, range.max)}.`,
    );
    return name;
  }

  /** What the quantized ops behind a node want its value observed with. */
  private observerFor(name: NodeName): ActivationObserver {
    const seen = new Set<NodeName>();
    let front: readonly Node[] = [this.rewriter.get(name)];
    while (front.length > 0) {
      for (const node of front) {
        const observer = activationObserverOf(this.model.qconfigs, this.model, node);
        const call = node.op === 'call_module' ? node.target : null;
        const observes =
          call !== null && (this.observers[call] ?? this.model.equalizationObservers[call]) !== undefined;
        if (observer && !observes) return observer;
        seen.add(node.name);
      }
      front = front.flatMap((node) => this.rewriter.users(node.name)).filter((node) => !seen.has(node.name));
    }
    throw new Error(`internal: no quantized op reads '${name}'.`);
  }

  /**
   * Gives an observer a range of its own. Observers that shared its object keep what they had; a FixedQParamsObserver
   * becomes one of the qconfig, since its fixed range no longer fits.
   */
  setObserverRange(node: NodeName, module: ModuleName, range: TensorRange): void {
    const before = observerState(this.model, module);
    if (!before) return;
    for (const [name, observer] of Object.entries(this.observers))
      if (observer.sharesWith === module)
        this.observers[moduleName(name)] = { ...before, channels: observer.channels };
    const channels = this.observers[module]?.channels ?? null;
    const config = before.kind === 'fixed' ? this.observerFor(node) : before;
    this.modules[module] = observerModule(config);
    this.observers[module] = { ...rangedObserver(config, range), channels };
    this.rescaled.add(module);
    const text = `${rangeText(before.min, before.max)} becomes ${rangeText(range.min, range.max)}`;
    this.rewriter.rescale(node, [], `The range of ${node} ${text}.`);
  }

  /**
   * Gives the observers of one region their scaled ranges. Those that shared an object go on sharing one, with the
   * range over all of them: what only moves values stays on one grid.
   */
  setScaledRanges(observers: readonly ScaledRange[]): void {
    const groups = new Map<ModuleName, ScaledRange[]>();
    for (const observer of observers) {
      const root = observerRoot(this.model, observer.module);
      groups.set(root, [...(groups.get(root) ?? []), observer]);
    }
    for (const [first, ...others] of groups.values()) {
      if (!first) continue;
      const ranges = [first, ...others].map(({ range }) => range);
      const range = {
        min: Math.min(...ranges.map(({ min }) => min)),
        max: Math.max(...ranges.map(({ max }) => max)),
      };
      this.setObserverRange(first.node, first.module, range);
      for (const { node, module } of others) {
        this.setObserverRange(node, module, range);
        const observer = this.observers[module];
        if (observer) this.observers[module] = { ...observer, sharesWith: first.module };
      }
    }
  }

  /** Changes the range of an observer object in place: every observer that shares it sees the new range. */
  setRootRange(node: NodeName, root: ModuleName, range: TensorRange): void {
    const before = this.observers[root];
    if (!before) return;
    this.observers[root] = { ...before, ...range };
    const text = `${rangeText(before.min, before.max)} becomes ${rangeText(range.min, range.max)}`;
    this.rewriter.rescale(node, [], `The range of ${node} ${text}.`);
  }

  /** `W[:, c] / s_c` for a layer whose input was scaled. */
  divideColumns({ node, call }: LayerNode, scale: Float32Array): void {
    const { weight } = call.attrs;
    const before = asFloat(this.params[weight], weight);
    this.params[weight] = divideColumns(before, scale, groupsOf(call));
    this.rewriter.rescale(node.name, [weight], `${weight}: every column is divided by its scale.`);
  }

  /** `W[r, :] · s_r` and `b_r · s_r` for a layer whose output is to be scaled. */
  multiplyRows({ node, call }: LayerNode, scale: Float32Array, reader: string, withBias = true): void {
    const { weight } = call.attrs;
    const bias = withBias ? call.attrs.bias : null;
    this.params[weight] = multiplyRows(asFloat(this.params[weight], weight), scale);
    if (bias) this.params[bias] = multiplyBias(asFloat(this.params[bias], bias), scale);
    const params = bias ? [weight, bias] : [weight];
    this.rewriter.rescale(
      node.name,
      params,
      `${params.join(' and ')}: rows are multiplied by the scale of ${reader}.`,
    );
    this.outputScales.set(node.name, scale);
  }
}
