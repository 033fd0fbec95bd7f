import { applyChange, type Change, type RangeChange, type Rescaling } from './change';
import { GraphError } from './errors';
import { freeName, type Graph } from './graph';
import { type NodeName, nodeName, type ParamName } from './ids';
import { inputsOf, type Node, replaceInput } from './node';

/** A node in the rewriter's doubly linked list: every edit is O(1), however large the graph. */
interface Link {
  node: Node;
  previous: Link | null;
  next: Link | null;
}

/**
 * Edits a graph and keeps the list of what it did. Passes work through it, so that their `changes` are the
 * rewrites themselves and never a second account of them.
 */
export class Rewriter {
  private readonly links = new Map<NodeName, Link>();
  private readonly readers = new Map<NodeName, Set<NodeName>>();
  private first: Link | null = null;
  private last: Link | null = null;
  readonly changes: Change[] = [];

  constructor(graph: Graph) {
    this.linkAll(graph.nodes);
  }

  private linkAll(nodes: readonly Node[]): void {
    this.links.clear();
    this.readers.clear();
    this.first = null;
    this.last = null;
    for (const node of nodes) {
      if (this.links.has(node.name)) throw new GraphError(`internal: '${node.name}' is taken.`, node.name);
      this.link(node, null);
    }
  }

  get graph(): Graph {
    const nodes: Node[] = [];
    for (let link = this.first; link; link = link.next) nodes.push(link.node);
    return { nodes };
  }

  /**
   * A node name that is not taken, from `base`, as FX makes them (`mul`, `mul_1`, …). A node that brings a module or
   * a tensor of its own needs a name that is free there too: `beside` holds those.
   */
  freeName(base: string, beside: object = {}): NodeName {
    return nodeName(freeName(base, (name) => this.links.has(nodeName(name)) || Object.hasOwn(beside, name)));
  }

  find(name: NodeName): Node | undefined {
    return this.links.get(name)?.node;
  }

  get(name: NodeName): Node {
    return this.linkOf(name).node;
  }

  users(name: NodeName): readonly Node[] {
    return [...(this.readers.get(name) ?? [])].map((user) => this.get(user));
  }

  insertBefore(anchor: NodeName, node: Node, sentence: string): void {
    this.insert(node, this.linkOf(anchor), sentence);
  }

  insertAfter(anchor: NodeName, node: Node, sentence: string): void {
    this.insert(node, this.linkOf(anchor).next, sentence);
  }

  /** Removes a node; whatever read it reads `replacement` from then on (FX's replace_input_with + erase_node). */
  remove(name: NodeName, replacement: NodeName | null, sentence: string): void {
    for (const user of this.users(name)) {
      if (!replacement) throw new GraphError(`internal: '${name}' is still read by '${user.name}'.`, name);
      this.rewire(user.name, name, replacement, `${user.name} reads ${replacement} instead of ${name}.`);
    }
    const link = this.linkOf(name);
    this.unlink(link);
    const next = link.next?.node.name ?? null;
    this.changes.push({ kind: 'remove', nodes: [name], sentence, node: link.node, next });
  }

  /** Makes `user` read `to` where it read `from`. */
  rewire(user: NodeName, from: NodeName, to: NodeName, sentence: string): void {
    this.replace(replaceInput(this.get(user), from, to), sentence, [user, to]);
  }

  /** Puts another node of the same name in a node's place. */
  replace(after: Node, sentence: string, nodes: readonly NodeName[] = [after.name]): void {
    const link = this.linkOf(after.name);
    const before = link.node;
    for (const input of inputsOf(before)) this.readers.get(input)?.delete(before.name);
    link.node = after;
    this.noteReads(after);
    this.changes.push({ kind: 'rewire', nodes, sentence, before, after });
  }

  /** Gives nodes other names, all at once. The new names must be free or be given up. */
  rename(names: readonly (readonly [NodeName, NodeName])[], sentence: string): void {
    if (names.length === 0) return;
    const change: Change = { kind: 'rename', nodes: names.map(([, after]) => after), sentence, names };
    this.linkAll(applyChange(this.graph, change).nodes);
    this.changes.push(change);
  }

  /** Puts a node in front of another one; where it stands there already, nothing changes. */
  moveBefore(name: NodeName, anchor: NodeName, sentence: string): void {
    const link = this.linkOf(name);
    const next = this.linkOf(anchor);
    if (link === next.previous) return;
    const from = link.next?.node.name ?? null;
    this.unlink(link);
    this.link(link.node, next);
    this.changes.push({ kind: 'move', nodes: [name], sentence, node: link.node, from, next: anchor });
  }

  /** Notes that a node's tensors, module or ranges changed. */
  rescale(
    node: NodeName,
    what: Rescaling,
    params: readonly ParamName[],
    sentence: string,
    range?: RangeChange,
  ): void {
    this.changes.push({ kind: 'rescale', nodes: [node], what, params, sentence, ...(range && { range }) });
  }

  private insert(node: Node, next: Link | null, sentence: string): void {
    if (this.links.has(node.name)) throw new GraphError(`internal: '${node.name}' is taken.`, node.name);
    this.link(node, next);
    const nodes = [node.name, ...inputsOf(node)];
    this.changes.push({ kind: 'insert', nodes, sentence, node, next: next?.node.name ?? null });
  }

  private link(node: Node, next: Link | null): void {
    const previous = next ? next.previous : this.last;
    const link: Link = { node, previous, next };
    if (previous) previous.next = link;
    else this.first = link;
    if (next) next.previous = link;
    else this.last = link;
    this.links.set(node.name, link);
    this.noteReads(node);
  }

  private unlink(link: Link): void {
    if (link.previous) link.previous.next = link.next;
    else this.first = link.next;
    if (link.next) link.next.previous = link.previous;
    else this.last = link.previous;
    this.links.delete(link.node.name);
    for (const input of inputsOf(link.node)) this.readers.get(input)?.delete(link.node.name);
  }

  private noteReads(node: Node): void {
    for (const input of inputsOf(node)) {
      const set = this.readers.get(input);
      if (set) set.add(node.name);
      else this.readers.set(input, new Set([node.name]));
    }
  }

  private linkOf(name: NodeName): Link {
    const link = this.links.get(name);
    if (!link) throw new GraphError(`internal: no node '${name}' in the graph.`, name);
    return link;
  }
}
