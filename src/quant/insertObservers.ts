import { GraphIndex } from '../graph/graph';
import { type ModuleName, moduleName, type NodeName, nodeName } from '../graph/ids';
import type { Model, ModuleSpec } from '../graph/model';
import { FIXED_QPARAMS_OBSERVER, MIN_MAX_OBSERVER, shortType } from '../graph/moduleTypes';
import { type Node, ref } from '../graph/node';
import type { OpCall } from '../graph/op';
import { resolveNode } from '../graph/resolve';
import { Rewriter } from '../graph/rewriter';
import { type Observation, observationOf } from './observation';
import { emptyObserver, type ObservedModel, type Observer } from './observer';
import type { PassResult } from './passResult';
import type { QConfig } from './qconfig';

/**
 * Inserts an activation observer wherever `prepare_fx` does (torch/ao/quantization/fx/prepare.py,
 * `insert_observers_for_model`), named as the seed names them:
 *
 *     x → linear → y        becomes        x → x_activation_post_process_0 → linear
 *                                            → linear_activation_post_process_0 → y
 *
 * A quantized op's inputs are observed once each; its output is observed for all its readers. An op that only
 * moves values shares its input's observer object. Which op is which: `observation.ts`.
 */
export function insertObservers(model: Model, qconfig: QConfig): PassResult<ObservedModel> {
  const pass = new ObserverPass(model, qconfig);
  for (const node of model.graph.nodes) pass.visit(node);
  return pass.result();
}

class ObserverPass {
  private readonly rewriter: Rewriter;
  private readonly index: GraphIndex;
  private readonly modules: Record<ModuleName, ModuleSpec>;
  private readonly observers: Record<ModuleName, Observer> = {};
  /** The observer of each value of the original graph, where it has one. */
  private readonly observerOf = new Map<NodeName, NodeName>();

  constructor(
    private readonly model: Model,
    private readonly qconfig: QConfig,
  ) {
    this.rewriter = new Rewriter(model.graph);
    this.index = new GraphIndex(model.graph);
    this.modules = { ...model.modules };
  }

  result(): PassResult<ObservedModel> {
    const model: ObservedModel = {
      ...this.model,
      graph: this.rewriter.graph,
      modules: this.modules,
      qconfig: this.qconfig,
      observers: this.observers,
      equalizationObservers: {},
      floatNodes: [],
    };
    return { model, changes: this.rewriter.changes };
  }

  visit(node: Node): void {
    const call = resolveNode(this.model, this.index, node);
    if (!call) return;
    const fused = this.reluOf(call);
    const observation = fused ? observationOf(fused.call, fused.node) : observationOf(call, node);
    if (observation === 'float') return;
    if (!fused) for (const input of this.activationInputs(call)) this.observeInput(node, input);
    if (!this.outputGoesToRelu(node, call))
      this.observeOutput(node, observation, this.activationInputs(fused?.call ?? call)[0]);
  }

  /** Node operands that carry activations; constants are not observed here. */
  private activationInputs(call: OpCall): readonly NodeName[] {
    const names = call.operands.flatMap((o) => (o.kind === 'node' ? [o.node] : []));
    return [...new Set(names)].filter((name) => this.index.get(name).op !== 'get_attr');
  }

  /**
   * `F.linear`, an addition or a product that a ReLU alone reads is quantized with it as one op: the observer stands
   * after the ReLU. `torch.relu` counts behind additions and products only, the method `relu` never.
   */
  private outputGoesToRelu(node: Node, call: OpCall): boolean {
    const [user, ...others] = this.index.users(node.name);
    const next = user && others.length === 0 ? resolveNode(this.model, this.index, user) : null;
    if (!user || next?.op !== 'relu' || user.op === 'call_method') return false;
    if (call.op === 'linear') return call.attrs.functional && observationOf(next, user) === 'shared';
    return (call.op === 'add' || call.op === 'mul') && observationOf(call, node) !== 'float';
  }

  /** For a ReLU, the op that is quantized together with it. */
  private reluOf({ op, operands: [operand] }: OpCall): { readonly node: Node; readonly call: OpCall } | null {
    if (op !== 'relu' || operand?.kind !== 'node') return null;
    const node = this.index.get(operand.node);
    const call = resolveNode(this.model, this.index, node);
    return call && this.outputGoesToRelu(node, call) ? { node, call } : null;
  }

  private observeInput(node: Node, input: NodeName): void {
    const existing = this.observerOf.get(input);
    if (existing === undefined) {
      const observer = this.insert(
        input,
        emptyObserver(this.qconfig.activation),
        `${node.name} reads ${input}.`,
      );
      this.rewriter.rewire(node.name, input, observer, `${node.name} reads the observed ${input}.`);
    } else if (!this.readsObserver(node.name, existing)) {
      this.rewriter.rewire(node.name, input, existing, `${node.name} reads the observed ${input}.`);
    }
  }

  private readsObserver(user: NodeName, observer: NodeName): boolean {
    return this.rewriter.users(observer).some((node) => node.name === user);
  }

  private observeOutput(node: Node, observation: Observation, input: NodeName | undefined): void {
    const users = this.index.users(node.name);
    if (users.length === 0) return;
    const observer = this.insert(
      node.name,
      this.outputObserver(observation, input),
      `${node.name} is quantized.`,
    );
    for (const user of users)
      this.rewriter.rewire(user.name, node.name, observer, `${user.name} reads the observed ${node.name}.`);
  }

  private outputObserver(observation: Observation, input: NodeName | undefined): Observer {
    const empty = emptyObserver(this.qconfig.activation);
    const inputObserver = input === undefined ? undefined : this.observerOf.get(input);
    if (observation === 'shared' && inputObserver !== undefined)
      return { ...empty, sharesWith: moduleName(inputObserver) };
    const eightBit = { ...this.qconfig.activation, quantMin: 0, quantMax: 255 };
    if (observation === 'fixed01')
      return { ...empty, spec: eightBit, fixed: { scale: 1 / 256, zeroPoint: 0 } };
    if (observation === 'fixed11')
      return { ...empty, spec: eightBit, fixed: { scale: 2 / 256, zeroPoint: 128 } };
    return empty;
  }

  private insert(value: NodeName, observer: Observer, why: string): NodeName {
    const name = this.rewriter.freeName(`${value}_activation_post_process_0`, this.modules);
    const target = moduleName(name);
    const type = observer.fixed ? FIXED_QPARAMS_OBSERVER : MIN_MAX_OBSERVER;
    const node: Node = { name, op: 'call_module', target, args: [ref(value)], kwargs: {} };
    this.modules[target] = observerSpec(type, observer);
    this.observers[target] = observer;
    this.observerOf.set(value, name);
    this.rewriter.insertAfter(value, node, `${shortType(type)} records the range of ${value}: ${why}`);
    return nodeName(name);
  }
}

const observerSpec = (type: string, observer: Observer): ModuleSpec => ({
  type,
  attrs: {
    dtype: observer.spec.dtype,
    qscheme: observer.spec.qscheme,
    quant_min: observer.spec.quantMin,
    quant_max: observer.spec.quantMax,
  },
});
