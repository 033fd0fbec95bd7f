import { freeName } from '../../graph/graph';
import {
  type ModuleName,
  moduleName,
  type NodeName,
  nodeName,
  type ParamName,
  paramOf,
} from '../../graph/ids';
import type { Model, ModuleSpec } from '../../graph/model';
import { type Argument, type CallModule, isNodeRef, type Node } from '../../graph/node';
import { Rewriter } from '../../graph/rewriter';
import type { Tensor } from '../../graph/tensor';
import type { ReferenceModel } from '../convert/referenceModel';
import type { QParams } from '../qparams';

/** Whether lowering has the defects of PyTorch's, see `lower`. */
export type LoweringSemantics = 'exact' | 'pytorch';

/** The graph that `lower` builds out of the reference form, edit by edit. */
export class LowerGraph {
  readonly rewriter: Rewriter;
  readonly modules: Record<ModuleName, ModuleSpec>;
  readonly params: Record<ParamName, Tensor>;
  private readonly renamed = new Map<NodeName, NodeName>();

  constructor(
    readonly reference: ReferenceModel,
    readonly semantics: LoweringSemantics,
  ) {
    this.rewriter = new Rewriter(reference.graph);
    this.modules = { ...reference.modules };
    this.params = { ...reference.params };
  }

  model(): Model {
    const { name, inputShapes, inputTypes } = this.reference;
    const called = new Set<string>(
      this.rewriter.graph.nodes.flatMap((n) =>
        n.op === 'call_module' || n.op === 'get_attr' ? n.target : [],
      ),
    );
    const modules = Object.fromEntries(Object.entries(this.modules).filter(([target]) => called.has(target)));
    const stated = { name, inputShapes, ...(inputTypes && { inputTypes }) };
    const model = { ...stated, modules, params: this.params, graph: this.rewriter.graph };
    const { halves } = this.reference;
    const rounded = halves ? { ...model, halves } : model;
    return this.semantics === 'pytorch' ? { ...rounded, scalarGrids: 'pytorch' } : rounded;
  }

  /** The node that an argument names. */
  nodeOf(arg: Argument | undefined): Node | null {
    return isNodeRef(arg) ? this.rewriter.get(arg.node) : null;
  }

  /** A module's type in the reference form: no rule sees what another made of it. */
  typeOf(node: Node): string | null {
    return node.op === 'call_module' ? (this.reference.modules[node.target]?.type ?? null) : null;
  }

  /** The parameters of a quantize node, from the tensors that its scale and zero point name. */
  gridOf(quantize: Node): QParams {
    const [, scale, zeroPoint] = quantize.args.map((arg) => {
      const source = this.nodeOf(arg);
      return source?.op === 'get_attr' ? this.params[source.target]?.data[0] : undefined;
    });
    return { scale: scale ?? 1, zeroPoint: zeroPoint ?? 0 };
  }

  /** A node reads quantized values where it read them dequantized. */
  readQuantized(node: NodeName, dequantize: Node): void {
    const source = this.nodeOf(dequantize.args[0]);
    if (source)
      this.rewriter.rewire(node, dequantize.name, source.name, `${node} reads the quantized ${source.name}.`);
  }

  /** The quantize node behind a node goes: the node itself does its work. */
  dropQuantize(quantize: Node, node: NodeName): void {
    this.rewriter.remove(
      quantize.name,
      node,
      `${quantize.name} goes: ${node} itself gives its output as int8 levels.`,
    );
    for (const arg of quantize.args.slice(1)) {
      const source = this.nodeOf(arg);
      if (source && this.rewriter.users(source.name).length === 0)
        this.rewriter.remove(source.name, null, `${source.name} goes: ${node} holds its number.`);
    }
  }

  /** A quantized call in the place of a quantize node; it takes the name of the node whose work it does. */
  replaceQuantize(
    quantize: Node,
    call: Omit<Node & { op: 'call_function' }, 'name' | 'op'>,
    old: Node,
  ): void {
    const what = `${call.target} takes the place of ${old.name} and the step to its grid.`;
    this.rewriter.replace({ name: quantize.name, op: 'call_function', ...call }, what);
    this.renamed.set(quantize.name, old.name);
  }

  removeUnread(node: Node): void {
    if (this.rewriter.users(node.name).length === 0)
      this.rewriter.remove(node.name, null, `Nothing reads ${node.name}.`);
  }

  /**
   * The modules that calls are to have for their quantized ones, by node. Every call has an output grid of its own; in a
   * module called twice PyTorch lets the last one count for all, which exact semantics mends.
   */
  targetsFor(nodes: readonly CallModule[]): ReadonlyMap<NodeName, ModuleName> {
    const isCallOf = (target: ModuleName) => (node: Node) =>
      node.op === 'call_module' && node.target === target;
    const targets = new Map<NodeName, ModuleName>();
    const taken = new Set<string>(Object.keys(this.modules));
    for (const node of nodes) {
      const mine = nodes.filter(isCallOf(node.target));
      const all = this.reference.graph.nodes.filter(isCallOf(node.target));
      const keepsTarget = mine.length === all.length && mine[0]?.name === node.name;
      if (this.semantics === 'pytorch' || keepsTarget) targets.set(node.name, node.target);
      else {
        const own = freeName(node.name, (name) => taken.has(name));
        taken.add(own);
        targets.set(node.name, moduleName(own));
      }
    }
    return targets;
  }

  /** A module's tensors under another's name. */
  copyTensors(from: ModuleName, to: ModuleName): void {
    const prefix = `${from}.`;
    for (const [name, tensor] of Object.entries<Tensor>(this.reference.params))
      if (from !== to && name.startsWith(prefix))
        this.params[paramOf(to, name.slice(prefix.length))] = tensor;
  }

  /** Gives a call the module of that name, if it has not got it. */
  retarget(node: CallModule, target: ModuleName): void {
    if (target === node.target) return;
    const current = this.rewriter.get(node.name);
    this.rewriter.replace({ ...node, args: current.args, target }, `${node.name} gets a module of its own.`);
  }

  /** Nodes that took another's place take its name; quantize and dequantize nodes are counted anew, as they stand. */
  rename(): void {
    const names = new Map(this.renamed);
    const free = new Set<string>();
    for (const { name } of this.rewriter.graph.nodes) if (!isStep(name)) free.add(names.get(name) ?? name);
    for (const node of this.rewriter.graph.nodes) {
      if (names.has(node.name) || !isStep(node.name)) continue;
      const [base = ''] = STEP.exec(node.name)?.slice(1) ?? [];
      const next = freeName(base, (name) => free.has(name));
      free.add(next);
      if (next !== node.name) names.set(node.name, nodeName(next));
    }
    const sentence = 'The quantize and dequantize nodes that are left are numbered anew, without gaps.';
    this.rewriter.rename([...names], sentence);
  }
}

const STEP = /^(quantize_per_tensor|quantize_per_channel|dequantize)(?:_\d+)?$/;
const isStep = (name: string): boolean => STEP.test(name);
