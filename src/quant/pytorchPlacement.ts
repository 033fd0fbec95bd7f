import { GraphError } from '../graph/errors';
import type { GraphIndex } from '../graph/graph';
import type { ModuleName, NodeName } from '../graph/ids';
import type { Model, ModuleSpec } from '../graph/model';
import { isNodeRef, type Node, readsOf } from '../graph/node';
import { opTitle } from '../graph/resolve';
import type { Rewriter } from '../graph/rewriter';
import { sizeNodes } from '../graph/sizes';
import type { Observation } from './observation';
import type { Observer } from './observer';
import type { Meaning } from './oneOp';
import {
  isObservedByPyTorch,
  observedArgument,
  type PyTorchType,
  pytorchTypes,
  tensorArguments,
  withoutTensors,
} from './pytorchTypes';
import type { QConfigMapping } from './qconfigMapping';
import { shareObserver } from './shareObserver';

/**
 * Where PyTorch 1.13.1 puts observers otherwise than the ops alone would say: by what it takes values for, and by
 * which arguments are positional (prepare.py, `insert_observers_for_model`).
 */
export class PyTorchPlacement {
  private readonly types: ReadonlyMap<NodeName, PyTorchType>;
  /** Nodes that are known to compute with no tensors. */
  private readonly plain: ReadonlySet<NodeName>;

  constructor(
    private readonly model: Model,
    private readonly index: GraphIndex,
    qconfigs: QConfigMapping,
  ) {
    this.types = pytorchTypes(model, index, qconfigs);
    this.plain = withoutTensors(index);
    for (const node of model.graph.nodes) this.checkNumbers(node);
  }

  isObserved(node: Node): boolean {
    return isObservedByPyTorch(this.model, this.index, this.types, node);
  }

  /** A sum or product shares its input's observer if one of its positional arguments is a tensor. */
  observationOf({ node, call }: Meaning, stated: Observation): Observation {
    if (call.op !== 'add' && call.op !== 'mul') return stated;
    return tensorArguments(this.plain, node) === 1 ? 'shared' : 'observed';
  }

  /** A reader observes float values alone. */
  takesAsItIs(input: NodeName): boolean {
    return this.types.get(input) !== 'float';
  }

  /** An op that reads an input of the model unobserved takes it for quantized, and keeps an observer of its own. */
  readsInput(rewriter: Rewriter, node: Node): boolean {
    const [input] = rewriter.get(node.name).args;
    return isNodeRef(input) && rewriter.get(input.node).op === 'placeholder';
  }

  /**
   * The observer that an output shares: the nearest one before it, over whatever stands in between. All other inputs of
   * a list get it too. Null where there is none (`maybe_make_input_output_share_observers`).
   */
  shareObservers(
    rewriter: Rewriter,
    node: Node,
    observers: Record<ModuleName, Observer>,
    modules: Record<ModuleName, ModuleSpec>,
  ): ModuleName | null {
    const [first, ...others] = observedArgument(rewriter.get(node.name));
    const isObserver = (at: Node): at is Node & { readonly op: 'call_module' } =>
      at.op === 'call_module' && Object.hasOwn(observers, at.target);
    const before = (
      name: NodeName | undefined,
      next: (at: Node) => NodeName | undefined,
    ): ModuleName | null => {
      for (let at = name; at !== undefined; ) {
        const found = rewriter.get(at);
        if (isObserver(found)) return found.target;
        at = found.op === 'placeholder' ? undefined : next(found);
      }
      return null;
    };
    const shared = before(first, (at) => at.args.find(isNodeRef)?.node);
    if (shared === null) return null;
    for (const name of others) {
      const other = before(name, ({ args: [input] }) => (isNodeRef(input) ? input.node : undefined));
      if (other === null) return null;
      shareObserver(observers, modules, other, shared);
    }
    return shared;
  }

  /** PyTorch's observer of a number that it takes for a tensor stops the calibration. */
  private checkNumbers(node: Node): void {
    const sizes = sizeNodes(this.index);
    const isMistaken = (name: NodeName, type: PyTorchType) =>
      sizes.has(name) && this.types.get(name) === type;
    const isOperand = !sizes.has(node.name) && this.isObserved(node);
    const number = isMistaken(node.name, 'quantized')
      ? node.name
      : isOperand
        ? readsOf(node).find((name) => isMistaken(name, 'float'))
        : undefined;
    if (number === undefined) return;
    const title = opTitle(this.model, this.index.get(number));
    throw new GraphError(
      `PyTorch 1.13.1 stops here: it takes '${number}' (${title} of sizes) for a tensor, and its observer finds a number in calibration (AttributeError: no attribute 'numel'). Write the number as a constant, set the qconfig of '${node.name}' to float, or choose Exact semantics.`,
      number,
    );
  }
}
