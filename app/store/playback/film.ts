import type { EdgeView, NodeDelta, NodeState, NodeView, Playback } from '../../../src/index';

/** The graph between two changes. */
export interface Frame {
  readonly nodes: readonly NodeView[];
  readonly edges: readonly EdgeView[];
  /** Nodes of the start that are gone by now, and what the last change took away. */
  readonly ghosts: readonly NodeView[];
  /** Nodes that stand at the place of another name: a node that got a new name keeps its place. */
  readonly places: ReadonlyMap<string, string>;
}

/** FX's text of a graph's nodes. */
export const textOf = (nodes: readonly NodeView[]): string =>
  ['graph():', ...nodes.map(({ line }) => `    ${line}`)].join('\n');

/** Every node that there is at any time, by the key of its place, and every edge between two places. */
export interface Union {
  readonly nodes: readonly NodeView[];
  readonly edges: readonly EdgeView[];
}

interface Link {
  readonly key: string;
  state: NodeState;
  previous: Link | null;
  next: Link | null;
}
type Undo = () => void;

/**
 * Runs through a playback in both directions. A doubly linked list holds the nodes, so that a change costs the same in a
 * graph of any size; every change done leaves behind how it is undone.
 */
export class Film {
  private readonly links = new Map<string, Link>();
  private first: Link | null = null;
  private last: Link | null = null;
  private readonly done: (readonly Undo[])[] = [];
  /** What each change done took away. */
  private readonly gone: (readonly Link[])[] = [];
  private readonly keys = new Set<string>();
  private readonly started: readonly Link[];
  private shown: { readonly position: number; readonly frame: Frame } | null = null;
  readonly union: Union;

  constructor(private readonly playback: Playback) {
    this.started = playback.start.map((state) => this.create(state));
    for (const link of this.started) this.put(link, null);
    this.union = this.unite();
  }

  at(position: number): Frame {
    if (this.shown?.position !== position) {
      this.seek(position);
      this.shown = { position, frame: this.frame() };
    }
    return this.shown.frame;
  }

  private seek(position: number): void {
    while (this.done.length < position) this.forward();
    while (this.done.length > position) {
      for (const undo of this.done.pop()?.toReversed() ?? []) undo();
      this.gone.pop();
    }
  }

  private forward(): void {
    const deltas = this.playback.deltas[this.done.length] ?? [];
    this.gone.push(deltas.flatMap((delta) => (delta.kind === 'go' ? [this.get(delta.name)] : [])));
    this.done.push(deltas.map((delta) => this.apply(delta)));
  }

  private apply(delta: NodeDelta): Undo {
    switch (delta.kind) {
      case 'come': {
        const link = this.create(delta.state);
        this.put(link, this.find(delta.behind));
        return () => {
          this.take(link);
          this.keys.delete(link.key);
        };
      }
      case 'go':
        return this.taken(this.get(delta.name));
      case 'move': {
        const link = this.get(delta.name);
        const undo = this.taken(link);
        this.put(link, this.find(delta.behind));
        return () => {
          this.take(link);
          undo();
        };
      }
      case 'look':
        return this.change(this.get(delta.state.view.name), delta.state);
      case 'line': {
        const link = this.get(delta.name);
        return this.change(link, { ...link.state, view: { ...link.state.view, line: delta.line } });
      }
      case 'rename':
        return this.rename(delta.names);
      default:
        return delta satisfies never;
    }
  }

  private taken(link: Link): Undo {
    const { next } = link;
    this.take(link);
    return () => this.put(link, next);
  }

  private change(link: Link, state: NodeState): Undo {
    const before = link.state;
    link.state = state;
    return () => {
      link.state = before;
    };
  }

  private rename(names: readonly (readonly [string, string])[]): Undo {
    const moved = names.map(([name, next]) => ({ link: this.get(name), name, next }));
    for (const { name } of moved) this.links.delete(name);
    for (const { link, next } of moved) this.links.set(next, link);
    return () => {
      for (const { next } of moved) this.links.delete(next);
      for (const { link, name } of moved) this.links.set(name, link);
    };
  }

  /** The first node of a name has it as its key; one that reuses it later has a number behind it. */
  private create(state: NodeState): Link {
    const { name } = state.view;
    let key = name;
    for (let number = 2; this.keys.has(key); number++) key = `${name} (${number})`;
    this.keys.add(key);
    return { key, state, previous: null, next: null };
  }

  private put(link: Link, next: Link | null): void {
    const previous = next ? next.previous : this.last;
    link.previous = previous;
    link.next = next;
    if (previous) previous.next = link;
    else this.first = link;
    if (next) next.previous = link;
    else this.last = link;
    this.links.set(link.state.view.name, link);
  }

  private take(link: Link): void {
    if (link.previous) link.previous.next = link.next;
    else this.first = link.next;
    if (link.next) link.next.previous = link.previous;
    else this.last = link.previous;
    this.links.delete(link.state.view.name);
  }

  private find(name: string | null): Link | null {
    return name === null ? null : this.get(name);
  }

  private get(name: string): Link {
    const link = this.links.get(name);
    if (!link) throw new Error(`internal: a change names '${name}', which the played graph does not have.`);
    return link;
  }

  private *present(): Generator<Link> {
    for (let link = this.first; link; link = link.next) yield link;
  }

  private frame(): Frame {
    const links = [...this.present()];
    const nodes = links.map(({ state }) => state.view);
    const ghosts = this.ghosts(new Set(links.map(({ key }) => key)));
    return {
      nodes,
      edges: links.flatMap(({ state }) => edgesOf(state)),
      ghosts: ghosts.map(({ state }): NodeView => ({ ...state.view, change: 'removed' })),
      places: new Map(
        [...links, ...ghosts].flatMap(({ key, state: { view } }) =>
          key === view.name ? [] : [[view.name, key]],
        ),
      ),
    };
  }

  /** Those whose name stands for another node by now have no place of their own. */
  private ghosts(isHere: ReadonlySet<string>): readonly Link[] {
    const all = new Set([...this.started, ...(this.gone.at(-1) ?? [])]);
    return [...all].filter(({ key, state }) => !isHere.has(key) && !this.links.has(state.view.name));
  }

  /** Plays everything once, and goes back to the start. */
  private unite(): Union {
    const nodes = new Map<string, NodeView>();
    const sources = new Map<string, Set<string>>();
    const note = ({ key, state }: Link) => {
      nodes.set(key, state.view);
      const from = sources.get(key) ?? new Set();
      sources.set(key, from);
      for (const input of state.inputs) {
        const link = this.links.get(input);
        if (link !== undefined) from.add(link.key);
      }
    };
    for (const link of this.present()) note(link);
    for (const delta of this.playback.deltas) {
      this.forward();
      for (const one of delta) {
        const name = one.kind === 'come' || one.kind === 'look' ? one.state.view.name : null;
        const link = name === null ? undefined : this.links.get(name);
        if (link) note(link);
      }
    }
    this.seek(0);
    return {
      nodes: [...nodes].map(([key, view]) => (view.name === key ? view : { ...view, name: key })),
      edges: [...sources].flatMap(([to, from]) => [...from].map((one) => ({ from: one, to }))),
    };
  }
}

const edgesOf = ({ view, inputs }: NodeState): readonly EdgeView[] =>
  inputs.map((from) => ({ from, to: view.name }));

const films = new WeakMap<Playback, Film>();

/** The film of a playback, made once. */
export function filmOf(playback: Playback): Film {
  const film = films.get(playback) ?? new Film(playback);
  films.set(playback, film);
  return film;
}
