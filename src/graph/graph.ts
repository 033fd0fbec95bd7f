import { GraphError } from './errors';
import type { NodeName } from './ids';
import { inputsOf, type Node } from './node';

/** A straight-line program: nodes stand in the order in which they run, and the last one is the output. */
export interface Graph {
  readonly nodes: readonly Node[];
}

/** A graph with its names and users looked up once. Build it per pass; it is not kept in step with later graphs. */
export class GraphIndex {
  private readonly byName = new Map<NodeName, Node>();
  private readonly readers = new Map<NodeName, Node[]>();
  private readonly positions = new Map<NodeName, number>();

  constructor(readonly graph: Graph) {
    graph.nodes.forEach((node, position) => {
      this.byName.set(node.name, node);
      this.positions.set(node.name, position);
      for (const input of inputsOf(node)) {
        const list = this.readers.get(input);
        if (list) list.push(node);
        else this.readers.set(input, [node]);
      }
    });
  }

  find(name: NodeName): Node | undefined {
    return this.byName.get(name);
  }

  /** The node of that name; a GraphError when there is none. */
  get(name: NodeName): Node {
    const node = this.byName.get(name);
    if (!node) throw new GraphError(`internal: no node '${name}' in the graph.`, name);
    return node;
  }

  position(name: NodeName): number {
    return this.positions.get(name) ?? -1;
  }

  /** Nodes that read this one, in graph order (FX's `node.users`). */
  users(name: NodeName): readonly Node[] {
    return this.readers.get(name) ?? [];
  }
}

/** Words that cannot name a variable of the Python function that FX generates. */
const PYTHON_KEYWORDS: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

/**
 * A name not taken yet: `base`, then `base_1`, `base_2` … A number at the end of `base` is counted on: `add_1`, then
 * `add_2` (torch/fx/graph.py, `_Namespace.create_name`).
 */
export function freeName(base: string, taken: (name: string) => boolean): string {
  const clean = base.replace(/[^0-9a-zA-Z_]+/g, '_').replace(/^(?=\d)/, '_') || '_';
  const reserved = clean in Object.prototype || PYTHON_KEYWORDS.has(clean);
  if (!reserved && !taken(clean)) return clean;
  const [, stem = clean, last = '0'] = /^(.*)_(\d+)$/.exec(clean) ?? [];
  let number = Number(last) + 1;
  while (taken(`${stem}_${number}`)) number++;
  return `${stem}_${number}`;
}
