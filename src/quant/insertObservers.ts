import { GraphIndex } from '../graph/graph';
import { type ModuleName, moduleName, type NodeName } from '../graph/ids';
import { inferTypes } from '../graph/inferTypes';
import type { Model, ModuleSpec } from '../graph/model';
import { shortType } from '../graph/moduleTypes';
import { type Node, ref } from '../graph/node';
import type { OpCall } from '../graph/op';
import { resolveNode } from '../graph/resolve';
import { Rewriter } from '../graph/rewriter';
import type { DType } from '../graph/tensor';
import { weightNode } from './functionalWeight';
import { isLayerCall } from './layerAxes';
import { isObserved, type Observation, observationOf } from './observation';
import { emptyObserver, type ObservedModel, type Observer, observerModule } from './observer';
import { FIXED_0_TO_1, FIXED_NEG1_TO_1 } from './observers/fixedQParams';
import { type Meaning, oneOp } from './oneOp';
import type { PassResult } from './passResult';
import { PyTorchPlacement } from './pytorchPlacement';
import type { ActivationObserver, WeightObserver } from './qconfig';
import { activationObserverOf, type QConfigMapping, weightObserverOf } from './qconfigMapping';
import type { Semantics } from './semantics';
import { shareObserver } from './shareObserver';
import { emptyWeightObserver, type WeightObserverState, weightObserverModule } from './weightObserver';

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
 * `pytorch` semantics adds what PyTorch mistakes for a number or for quantized: `pytorchPlacement.ts`.
 */
export function insertObservers(
  model: Model,
  qconfigs: QConfigMapping,
  floatNodes: readonly NodeName[] = [],
  semantics: Semantics = 'exact',
): PassResult<ObservedModel> {
  const pass = new ObserverPass(model, qconfigs, floatNodes, semantics);
  for (const node of model.graph.nodes) pass.visit(node);
  return pass.result();
}

class ObserverPass {
  private readonly rewriter: Rewriter;
  private readonly index: GraphIndex;
  private readonly modules: Record<ModuleName, ModuleSpec>;
  private readonly observers: Record<ModuleName, Observer> = {};
  private readonly weightObservers: Record<ModuleName, WeightObserverState> = {};
  /** The observers of each value of the original graph, in the order of their insertion. */
  private readonly observersOf = new Map<NodeName, readonly NodeName[]>();
  private readonly unobserved: NodeName[] = [];
  /** In PyTorch semantics, what PyTorch makes of the types of values. */
  private readonly pytorch: PyTorchPlacement | null;
  private readonly types: ReadonlyMap<NodeName, DType> | null;
  /** Observers that a quantized op has of its own output. */
  private readonly ownOutput = new Set<NodeName>();

  constructor(
    private readonly model: Model,
    private readonly qconfigs: QConfigMapping,
    private readonly floatNodes: readonly NodeName[],
    semantics: Semantics,
  ) {
    this.rewriter = new Rewriter(model.graph);
    this.index = new GraphIndex(model.graph);
    this.pytorch = semantics === 'pytorch' ? new PyTorchPlacement(model, this.index, qconfigs) : null;
    this.types = semantics === 'exact' ? inferTypes(model, this.index) : null;
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
      weightObservers: this.weightObservers,
      weightEqualizationObservers: {},
      floatNodes: this.floatNodes,
      unobserved: this.unobserved,
    };
    return { model, changes: this.rewriter.changes };
  }

  visit(node: Node): void {
    if (this.floatNodes.includes(node.name)) return;
    const call = resolveNode(this.model, this.index, node);
    if (call && !this.isFloat(node, call)) return;
    const activation = activationObserverOf(this.qconfigs, this.model, node);
    if (!call || !activation) return;
    const isLayer = isLayerCall(call);
    const weight = isLayer ? weightObserverOf(this.qconfigs, this.model, node) : null;
    if (isLayer && !weight) return;
    const parts = oneOp(this.model, this.index, { node, call });
    const [root = { node, call }] = parts;
    // Where one of them stays in float, all do.
    if (parts.some((part) => !activationObserverOf(this.qconfigs, this.model, part.node))) return;
    const stated = observationOf(root.call, root.node);
    if (!isObserved(stated)) return;
    if (this.pytorch?.isObserved(node) === false) {
      if (isLayer) this.unobserved.push(node.name);
      return;
    }
    const observation = this.pytorch?.observationOf(root, stated) ?? stated;
    if (root.node === node)
      for (const input of operandNodes(call)) this.observeInput(node, input, activation);
    if (weight) this.observeWeight(node, weight);
    if (parts.at(-1)?.node !== node) return;
    const observer = this.outputObserver({ root, node }, observation, activation);
    if (observer) this.observeOutput(node, observer);
  }

  /** Whole numbers and truth values lie on no grid: an op that takes or gives them is left as it is. PyTorch does not look. */
  private isFloat(node: Node, call: OpCall): boolean {
    if (!this.types) return true;
    return [node.name, ...operandNodes(call)].every((name) => this.types?.get(name) === 'float32');
  }

  /**
   * A quantized op's output has one observer for all its readers; of another value each class of observer and dtype
   * among its readers has one (prepare.py, `maybe_insert_input_observer_for_arg_or_kwarg`).
   */
  private observeInput(node: Node, input: NodeName, config: ActivationObserver): void {
    const own = (this.observersOf.get(input) ?? []).some((name) => this.ownOutput.has(name));
    if (!own && this.pytorch?.takesAsItIs(input)) return;
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

  /** Makes all inputs of `torch.cat` or `torch.stack` share the first one's observer (`maybe_make_input_output_share_observers`); gives that. */
  private sharedInput(node: Node, call: OpCall): ModuleName | null {
    const read = operandNodes(call).flatMap((input) => this.observerRead(node.name, input) ?? []);
    const [first = null, ...others] = read;
    if ((call.op === 'cat' || call.op === 'stack') && first !== null)
      for (const other of others) shareObserver(this.observers, this.modules, other, first);
    return first;
  }

  private observeOutput(node: Node, observer: Observer): void {
    const users = this.index.users(node.name);
    const name = this.insert(node.name, observer, `${node.name} is quantized.`);
    this.ownOutput.add(name);
    for (const user of users)
      this.rewriter.rewire(user.name, node.name, name, `${user.name} reads the observed ${node.name}.`);
  }

  /** The observer of the output of an op, whose last part is `node`; null where PyTorch finds none for it to share. */
  private outputObserver(
    { root, node }: { readonly root: Meaning; readonly node: Node },
    observation: Observation,
    config: ActivationObserver,
  ): Observer | null {
    if (observation === 'fixed01') return emptyObserver(FIXED_0_TO_1);
    if (observation === 'fixed11') return emptyObserver(FIXED_NEG1_TO_1);
    if (observation !== 'shared') return emptyObserver(config);
    if (this.pytorch?.readsInput(this.rewriter, node)) return emptyObserver(config);
    const read = this.pytorch
      ? this.pytorch.shareObservers(this.rewriter, node, this.observers, this.modules)
      : this.sharedInput(root.node, root.call);
    const shared = read === null ? undefined : this.observers[read];
    // PyTorch's object is the input's own: of its class, with its settings.
    if (read !== null && shared) return { ...shared, channels: null, sharesWith: read };
    return this.pytorch ? null : emptyObserver(config);
  }

  /** `w → F.linear` becomes `w → observer → F.linear`: a module's weight is observed in `convert` instead. */
  private observeWeight(node: Node, config: WeightObserver): void {
    const weight = weightNode(node);
    if (weight === null) return;
    const fitting = this.rewriter.users(weight).find((user) => {
      const observer = user.op === 'call_module' ? this.weightObservers[user.target] : undefined;
      return observer?.kind === config.kind && observer.spec.dtype === config.spec.dtype;
    });
    const name =
      fitting?.name ??
      this.insertModule(weight, weightObserverModule(config), `${node.name} reads ${weight}.`);
    this.weightObservers[moduleName(name)] ??= emptyWeightObserver(config);
    this.rewriter.rewire(node.name, weight, name, `${node.name} reads the observed ${weight}.`);
  }

  private insert(value: NodeName, observer: Observer, why: string): NodeName {
    const name = this.insertModule(value, observerModule(observer), why);
    this.observers[moduleName(name)] = observer;
    this.observersOf.set(value, [...(this.observersOf.get(value) ?? []), name]);
    return name;
  }

  private insertModule(value: NodeName, module: ModuleSpec, why: string): NodeName {
    const name = this.rewriter.freeName(`${value}_activation_post_process_0`, this.modules);
    const target = moduleName(name);
    const node: Node = { name, op: 'call_module', target, args: [ref(value)], kwargs: {} };
    this.modules[target] = module;
    this.rewriter.insertAfter(value, node, `${shortType(module.type)} records the range of ${value}: ${why}`);
    return name;
  }
}

/** The nodes that a call computes with, each once; a layer's weight is not among them. */
const operandNodes = (call: OpCall): readonly NodeName[] => [
  ...new Set(call.operands.flatMap((operand) => (operand.kind === 'node' ? [operand.node] : []))),
];

/** PyTorch takes an observer that is there already when its class and dtype are those it would make. */
const sameType = (observer: Observer, { kind, spec }: ActivationObserver): boolean =>
  observer.kind === kind && observer.spec.dtype === spec.dtype;
