import { rangeText } from '../../equalize/activationObservers';
import type { Change } from '../../graph/change';
import { GraphError } from '../../graph/errors';
import { GraphIndex } from '../../graph/graph';
import type { Model } from '../../graph/model';
import { inputsOf, type Node } from '../../graph/node';
import { printNode } from '../../graph/print';
import { type NodeLook, nodeLook, nodeLooks } from '../graphView';
import type { PathsOf } from '../modulePaths';
import type { NodeChange } from '../views';
import type { Phase } from './phases';
import type { NodeDelta, NodeState } from './playbackViews';

interface Held {
  readonly node: Node;
  readonly look: NodeLook;
}

/** What the nodes of a model look like, found once: a phase begins with the model that the one before it made. */
class Looks {
  private readonly known = new WeakMap<Model, (node: Node) => NodeLook>();

  constructor(readonly pathsOf: PathsOf) {}

  of(model: Model): (node: Node) => NodeLook {
    const look = this.known.get(model) ?? nodeLooks(model, new GraphIndex(model.graph), this.pathsOf);
    this.known.set(model, look);
    return look;
  }
}

/**
 * What nodes look like once a phase has touched them: as it leaves them, whatever they read for the moment. Those that it
 * takes away look as before, and those that come and go within it as they were made.
 */
function looksOf({ before, after, changes }: Phase, looks: Looks): (node: Node) => NodeLook {
  const [earlier, later] = [namesOf(before), namesOf(after)];
  const [lookBefore, lookAfter] = [looks.of(before), looks.of(after)];
  const inserted = changes.flatMap((change) => (change.kind === 'insert' ? [change.node] : []));
  const passing = inserted.filter(({ name }) => !later.has(name) && !earlier.has(name));
  const nodes = [
    ...new Map([...before.graph.nodes, ...after.graph.nodes, ...passing].map((n) => [n.name, n])).values(),
  ];
  const modules = { ...before.modules, ...after.modules };
  const whole = { ...after, modules, params: { ...before.params, ...after.params } };
  const index = new GraphIndex({ nodes });
  const paths = passing.length === 0 ? new Map() : looks.pathsOf({ ...whole, graph: { nodes } });
  return (node) => {
    const known = later.get(node.name);
    if (known) return lookAfter(known);
    const old = earlier.get(node.name);
    return old ? lookBefore(old) : nodeLook(whole, index, node, paths);
  };
}

const namesOf = ({ graph }: Model): ReadonlyMap<string, Node> =>
  new Map(graph.nodes.map((node) => [node.name, node]));

/**
 * Plays the phases of a step and notes what each change does to the nodes as they are drawn. A node looks as before its
 * phase until a change touches it, and as behind the phase from then on; the last change of a phase brings what differs
 * without a change of its own (an op behind a quantized value says so).
 */
export class Replay {
  private readonly held = new Map<string, Held>();
  private readonly readers = new Map<string, number>();
  private readonly changed = new Set<string>();
  private readonly known: ReadonlySet<string>;
  private readonly looks: Looks;
  private lookOf: (node: Node) => NodeLook;
  readonly start: readonly NodeState[];

  constructor(model: Model, pathsOf: PathsOf) {
    this.looks = new Looks(pathsOf);
    this.lookOf = this.looks.of(model);
    this.known = new Set(model.graph.nodes.map(({ name }) => name));
    for (const node of model.graph.nodes) this.count(node, 1);
    this.start = model.graph.nodes.map((node) => {
      this.held.set(node.name, { node, look: this.lookOf(node) });
      return this.stateOf(node.name);
    });
  }

  /** One list for each change, in turn. */
  *play(phase: Phase): Generator<readonly NodeDelta[]> {
    this.lookOf = looksOf(phase, this.looks);
    const last = phase.changes.length - 1;
    for (const [i, change] of phase.changes.entries()) {
      const deltas = this.step(change);
      yield i === last ? [...deltas, ...this.settle(phase)] : deltas;
    }
  }

  private step(change: Change): readonly NodeDelta[] {
    switch (change.kind) {
      case 'insert':
        return this.insert(change.node, change.next);
      case 'remove':
        return this.remove(change.node);
      case 'rewire':
        return this.replace(change.before, change.after);
      case 'move':
        return [{ kind: 'move', name: change.node.name, behind: change.next }];
      case 'rename':
        return this.rename(change.names);
      case 'rescale':
        return this.rescale(change);
      default:
        return change satisfies never;
    }
  }

  private insert(node: Node, behind: string | null): readonly NodeDelta[] {
    this.count(node, 1);
    this.held.set(node.name, { node, look: this.lookOf(node) });
    return [{ kind: 'come', state: this.stateOf(node.name), behind }, ...this.lines(inputsOf(node))];
  }

  private remove(node: Node): readonly NodeDelta[] {
    this.count(node, -1);
    this.held.delete(node.name);
    return [{ kind: 'go', name: node.name }, ...this.lines(inputsOf(node))];
  }

  private replace(before: Node, after: Node): readonly NodeDelta[] {
    this.count(before, -1);
    this.count(after, 1);
    this.held.set(after.name, { node: after, look: this.lookOf(after) });
    const read = new Set<string>([...inputsOf(before), ...inputsOf(after)]);
    return [{ kind: 'look', state: this.stateOf(after.name) }, ...this.lines([...read])];
  }

  private rescale(change: Change & { readonly kind: 'rescale' }): readonly NodeDelta[] {
    return change.nodes.flatMap((name): readonly NodeDelta[] => {
      const found = this.held.get(name);
      if (!found) return [];
      this.changed.add(name);
      const look = this.lookOf(found.node);
      const { range } = change;
      const detail = range ? rangeText(range.after.min, range.after.max) : look.detail;
      this.held.set(name, { node: found.node, look: { ...look, detail } });
      return [{ kind: 'look', state: this.stateOf(name) }];
    });
  }

  /** The nodes under their new names, and those that read them, as the phase leaves them. */
  private rename(names: (Change & { readonly kind: 'rename' })['names']): readonly NodeDelta[] {
    const nameOf = new Map<string, string>(names);
    const [held, readers] = [[...this.held], [...this.readers]];
    this.held.clear();
    this.readers.clear();
    for (const [name, count] of readers) this.readers.set(nameOf.get(name) ?? name, count);
    for (const [name, { node, look }] of held) {
      const next = nameOf.get(name) ?? name;
      this.held.set(next, { node, look: { ...look, name: next } });
    }
    return [{ kind: 'rename', names }];
  }

  /** What the phase has left to say of nodes that no change of its own brings up to date. */
  private settle({ after, changes }: Phase): readonly NodeDelta[] {
    const renamed = changes.at(-1)?.kind === 'rename';
    return after.graph.nodes.flatMap((node): readonly NodeDelta[] => {
      const found = this.held.get(node.name);
      const look = this.lookOf(node);
      if (!renamed && found && sameLook(found.look, look)) return [];
      this.held.set(node.name, { node, look });
      return [{ kind: 'look', state: this.stateOf(node.name) }];
    });
  }

  /** The lines of nodes whose readers were counted anew. */
  private lines(names: readonly string[]): readonly NodeDelta[] {
    return names.flatMap((name): readonly NodeDelta[] => {
      const found = this.held.get(name);
      return found ? [{ kind: 'line', name, line: this.lineOf(found.node, name) }] : [];
    });
  }

  private count(node: Node, by: 1 | -1): void {
    for (const input of inputsOf(node)) this.readers.set(input, (this.readers.get(input) ?? 0) + by);
  }

  private lineOf = (node: Node, name: string): string => printNode(node, this.readers.get(name) ?? 0);

  private stateOf(name: string): NodeState {
    const found = this.held.get(name);
    if (!found)
      throw new GraphError(`internal: a change names '${name}', which the graph does not have.`, name);
    const { node, look } = found;
    const view = { ...look, line: this.lineOf(node, name), change: this.changeOf(name) };
    return { view, inputs: inputsOf(node) };
  }

  private changeOf(name: string): NodeChange {
    if (!this.known.has(name)) return 'added';
    return this.changed.has(name) ? 'changed' : 'same';
  }
}

const sameLook = (a: NodeLook, b: NodeLook): boolean =>
  a.role === b.role &&
  a.type === b.type &&
  a.detail === b.detail &&
  a.shape === b.shape &&
  a.path.join('/') === b.path.join('/');
