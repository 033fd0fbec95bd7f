import type { Change } from './change';
import { GraphError } from './errors';
import { freeName, type Graph } from './graph';
import { type NodeName, nodeName, type ParamName } from './ids';
import { inputsOf, type Node, replaceInput } from './node';

/**
 * Edits a graph and keeps the list of what it did. Passes work through it, so that their `changes` are the
 * rewrites themselves and never a second account of them.
 */
export class Rewriter {
  private nodes: Node[];
  private readonly names: Set<string>;
  readonly changes: Change[] = [];

  constructor(graph: Graph) {
    this.nodes = [...graph.nodes];
    this.names = new Set(graph.nodes.map((node) => node.name));
  }

  get graph(): Graph {
    return { nodes: this.nodes };
  }

  /** A node name that is not taken, from `base`, as FX makes them (`mul`, `mul_1`, …). */
  freeName(base: string): NodeName {
    return nodeName(freeName(base, (name) => this.names.has(name)));
  }

  get(name: NodeName): Node {
    const node = this.nodes.find((n) => n.name === name);
    if (!node) throw new GraphError(`internal: no node '${name}' in the graph.`, name);
    return node;
  }

  users(name: NodeName): readonly Node[] {
    return this.nodes.filter((node) => inputsOf(node).includes(name));
  }

  insertBefore(anchor: NodeName, node: Node, sentence: string): void {
    this.insertAt(this.positionOf(anchor), node, sentence);
  }

  insertAfter(anchor: NodeName, node: Node, sentence: string): void {
    this.insertAt(this.positionOf(anchor) + 1, node, sentence);
  }

  /** Removes a node; whatever read it reads `replacement` from then on (FX's replace_input_with + erase_node). */
  remove(name: NodeName, replacement: NodeName | null, sentence: string): void {
    for (const user of this.users(name)) {
      if (!replacement) throw new GraphError(`internal: '${name}' is still read by '${user.name}'.`, name);
      this.rewire(user.name, name, replacement, `${user.name} reads ${replacement} instead of ${name}.`);
    }
    const at = this.positionOf(name);
    const node = this.get(name);
    this.nodes = this.nodes.toSpliced(at, 1);
    this.names.delete(name);
    this.changes.push({ kind: 'remove', nodes: [name], sentence, at, node });
  }

  /** Makes `user` read `to` where it read `from`. */
  rewire(user: NodeName, from: NodeName, to: NodeName, sentence: string): void {
    this.replace(replaceInput(this.get(user), from, to), sentence, [user, to]);
  }

  /** Puts another node of the same name in a node's place. */
  replace(after: Node, sentence: string, nodes: readonly NodeName[] = [after.name]): void {
    const at = this.positionOf(after.name);
    const before = this.get(after.name);
    this.nodes = this.nodes.with(at, after);
    this.changes.push({ kind: 'rewire', nodes, sentence, at, before, after });
  }

  /** Notes that a node's tensors or ranges changed. */
  rescale(node: NodeName, params: readonly ParamName[], sentence: string): void {
    this.changes.push({ kind: 'rescale', nodes: [node], params, sentence });
  }

  private insertAt(at: number, node: Node, sentence: string): void {
    if (this.names.has(node.name)) throw new GraphError(`internal: '${node.name}' is taken.`, node.name);
    this.nodes = this.nodes.toSpliced(at, 0, node);
    this.names.add(node.name);
    this.changes.push({ kind: 'insert', nodes: [node.name, ...inputsOf(node)], sentence, at, node });
  }

  private positionOf(name: NodeName): number {
    const at = this.nodes.findIndex((node) => node.name === name);
    if (at < 0) throw new GraphError(`internal: no node '${name}' in the graph.`, name);
    return at;
  }
}
