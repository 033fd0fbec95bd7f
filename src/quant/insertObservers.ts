import { GraphIndex } from '../graph/graph';
import { type ModuleName, moduleName, type NodeName, nodeName } from '../graph/ids';
import type { Model, ModuleSpec } from '../graph/model';
import { shortType } from '../graph/moduleTypes';
import { type Node, ref } from '../graph/node';
import type { OpCall } from '../graph/op';
import { resolveNode } from '../graph/resolve';
import { Rewriter } from '../graph/rewriter';
import { foldedNorm } from './foldBatchNorm';
import { type Observation, observationOf } from './observation';
import { emptyObserver, OBSERVER_TYPES, type ObservedModel, type Observer, observerModule } from './observer';
import { FIXED_0_TO_1, FIXED_NEG1_TO_1 } from './observers/fixedQParams';
import type { PassResult } from './passResult';
import type { ActivationObserver } from './qconfig';
import { activationObserverOf, type QConfigMapping, weightObserverOf } from './qconfigMapping';
import { shareObserver } from './shareObserver';

/**
 * Inserts an activation observer wherever `prepare_fx` does (torch/ao/quantization/fx/prepare.py,
 * `insert_observers_for_model`), named as the seed names them:
 *
 *     x → linear → y        becomes        x → x_activation_post_process_0 → linear
 *                                            → linear_activation_post_process_0 → y
 *
 * A quantized op's inputs are observed once each; its output is observed for all its readers. An op that only
 * moves values shares its input's observer object. Which op is which: `observation.ts`. An op whose qconfig is float
 * gets none for its own sake, nor does a node of `floatNodes`; readers with different observer classes get one each of the same value.
 */
export function insertObservers(
  model: Model,
  qconfigs: QConfigMapping,
  floatNodes: readonly NodeName[] = [],
): PassResult<ObservedModel> {
  const pass = new ObserverPass(model, qconfigs, floatNodes);
  for (const node of model.graph.nodes) pass.visit(node);
  return pass.result();
}

/** A node and what it computes. */
interface Meaning {
  readonly node: Node;
  readonly call: OpCall;
}

class ObserverPass {
  private readonly rewriter: Rewriter;
  private readonly index: GraphIndex;
  private readonly modules: Record<ModuleName, ModuleSpec>;
  private readonly observers: Record<ModuleName, Observer> = {};
  /** The observers of each value of the original graph, in the order of their insertion. */
  private readonly observersOf = new Map<NodeName, readonly NodeName[]>();
  /** Observers that a quantized op has of its own output. */
  private readonly ownOutput = new Set<NodeName>();

  constructor(
    private readonly model: Model,
    private readonly qconfigs: QConfigMapping,
    private readonly floatNodes: readonly NodeName[],
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
      qconfigs: this.qconfigs,
      observers: this.observers,
      equalizationObservers: {},
      floatNodes: this.floatNodes,
    };
    return { model, changes: this.rewriter.changes };
  }

  visit(node: Node): void {
    if (this.floatNodes.includes(node.name)) return;
    const call = resolveNode(this.model, this.index, node);
    const activation = activationObserverOf(this.qconfigs, this.model, node);
    if (!call || !activation) return;
    const isLayer = call.op === 'linear' || call.op === 'conv';
    if (isLayer && !weightObserverOf(this.qconfigs, this.model, node)) return;
    const fused = this.reluOf(call);
    const observation = fused ? observationOf(fused.call, fused.node) : observationOf(call, node);
    if (observation === 'float') return;
    if (!fused) for (const input of this.activationInputs(call)) this.observeInput(node, input, activation);
    if (call.op === 'cat') this.shareInputs(node, call);
    if (!this.outputGoesToRelu(node, call))
      this.observeOutput(node, this.outputObserver(fused ?? { node, call }, observation, activation));
  }

  /** Node operands that carry activations; constants are not observed here. */
  private activationInputs(call: OpCall): readonly NodeName[] {
    const names = call.operands.flatMap((o) => (o.kind === 'node' ? [o.node] : []));
    return [...new Set(names)].filter((name) => this.index.get(name).op !== 'get_attr');
  }

  /**
   * `F.linear`, `F.conv2d` and its like, a Linear with a folded batch normalization, an addition or a product that a
   * ReLU alone reads is quantized with it as one op: the observer stands after the ReLU. `torch.relu` counts behind
   * additions and products only, the method `relu` never.
   */
  private outputGoesToRelu(node: Node, call: OpCall): boolean {
    const [user, ...others] = this.index.users(node.name);
    const next = user && others.length === 0 ? resolveNode(this.model, this.index, user) : null;
    if (!user || next?.op !== 'relu' || user.op === 'call_method') return false;
    if (call.op === 'linear' || call.op === 'conv') {
      const isFolded =
        node.op === 'call_module' && foldedNorm(this.model.modules[node.target], node.name) !== null;
      return (call.attrs.functional || isFolded) && observationOf(next, user) === 'shared';
    }
    return (call.op === 'add' || call.op === 'mul') && observationOf(call, node) !== 'float';
  }

  /** For a ReLU, the op that is quantized together with it. */
  private reluOf({ op, operands: [operand] }: OpCall): Meaning | null {
    if (op !== 'relu' || operand?.kind !== 'node') return null;
    const node = this.index.get(operand.node);
    const call = resolveNode(this.model, this.index, node);
    return call && this.outputGoesToRelu(node, call) ? { node, call } : null;
  }

  /**
   * A quantized op's output has one observer for all its readers; of another value each class of observer and dtype
   * among its readers has one (prepare.py, `maybe_insert_input_observer_for_arg_or_kwarg`).
   */
  private observeInput(node: Node, input: NodeName, config: ActivationObserver): void {
    const fitting = (this.observersOf.get(input) ?? []).find((name) => {
      const observer = this.observers[moduleName(name)];
      return this.ownOutput.has(name) || (observer !== undefined && sameType(observer, config));
    });
    const observer = fitting ?? this.insert(input, emptyObserver(config), `${node.name} reads ${input}.`);
    if (!this.readsObserver(node.name, observer))
      this.rewriter.rewire(node.name, input, observer, `${node.name} reads the observed ${input}.`);
  }

  private readsObserver(user: NodeName, observer: NodeName): boolean {
    return this.rewriter.users(observer).some((node) => node.name === user);
  }

  /** The observer through which a node reads a value. */
  private observerRead(node: NodeName, input: NodeName): ModuleName | null {
    const read = (this.observersOf.get(input) ?? []).find((name) => this.readsObserver(node, name));
    return read === undefined ? null : moduleName(read);
  }

  /** `torch.cat` makes all its inputs share the first one's observer (`maybe_make_input_output_share_observers`). */
  private shareInputs(node: Node, call: OpCall): void {
    const read = this.activationInputs(call).flatMap((input) => this.observerRead(node.name, input) ?? []);
    const [first, ...others] = read;
    for (const other of others)
      if (first !== undefined) shareObserver(this.observers, this.modules, other, first);
  }

  private observeOutput(node: Node, observer: Observer): void {
    const users = this.index.users(node.name);
    const name = this.insert(node.name, observer, `${node.name} is quantized.`);
    this.ownOutput.add(name);
    for (const user of users)
      this.rewriter.rewire(user.name, node.name, name, `${user.name} reads the observed ${node.name}.`);
  }

  private outputObserver(
    { node, call }: Meaning,
    observation: Observation,
    config: ActivationObserver,
  ): Observer {
    if (observation === 'fixed01') return emptyObserver(FIXED_0_TO_1);
    if (observation === 'fixed11') return emptyObserver(FIXED_NEG1_TO_1);
    const [input] = this.activationInputs(call);
    const read = input === undefined ? null : this.observerRead(node.name, input);
    const shared = read === null ? undefined : this.observers[read];
    // PyTorch's object is the input's own: of its class, with its settings.
    if (observation === 'shared' && read !== null && shared)
      return { ...shared, channels: null, sharesWith: read };
    return emptyObserver(config);
  }

  private insert(value: NodeName, observer: Observer, why: string): NodeName {
    const name = this.rewriter.freeName(`${value}_activation_post_process_0`, this.modules);
    const target = moduleName(name);
    const type = OBSERVER_TYPES[observer.kind];
    const node: Node = { name, op: 'call_module', target, args: [ref(value)], kwargs: {} };
    this.modules[target] = observerModule(observer);
    this.observers[target] = observer;
    this.observersOf.set(value, [...(this.observersOf.get(value) ?? []), name]);
    this.rewriter.insertAfter(value, node, `${shortType(type)} records the range of ${value}: ${why}`);
    return nodeName(name);
  }
}

/** PyTorch takes an observer that is there already when its class and dtype are those it would make. */
const sameType = (observer: Observer, { kind, spec }: ActivationObserver): boolean =>
  observer.kind === kind && observer.spec.dtype === spec.dtype;
