import { GraphError } from './errors';
import type { Graph } from './graph';
import type { NodeName, ParamName } from './ids';
import { mapNodeRefs, type Node, ref } from './node';

/** What became of a node's tensors, module or range. */
export type Rescaling =
  /** A layer took in the ReLU, or the batch normalization, behind it. */
  | 'relu'
  | 'normalization'
  /** An observer saw the calibration data. */
  | 'observed'
  /** The columns of a layer's weight were divided, its rows or another node's tensors multiplied. */
  | 'columns'
  | 'rows'
  | 'tensors'
  /** A bias left out what the layers behind took over, or took it over. */
  | 'bias-lowered'
  | 'bias-raised'
  /** An observer got another range, or forgot the one it had. */
  | 'range'
  | 'forgotten'
  /** A module became its reference form, or the quantized one. */
  | 'reference'
  | 'quantized';

/** The range of an observer before and after a change. */
export interface RangeChange {
  readonly before: { readonly min: number; readonly max: number };
  readonly after: { readonly min: number; readonly max: number };
}

interface ChangeOf<K extends string> {
  readonly kind: K;
  /** The nodes to highlight; the first is the one that changed. */
  readonly nodes: readonly NodeName[];
  /** One sentence that says what happened and why. */
  readonly sentence: string;
}

/**
 * One rewrite of a pass. Each carries what it takes to play it forwards and backwards, so the page can walk
 * through a pass without recomputing it. `next` names the node that stands behind the inserted or removed one.
 */
export type Change =
  | (ChangeOf<'insert'> & { readonly node: Node; readonly next: NodeName | null })
  | (ChangeOf<'remove'> & { readonly node: Node; readonly next: NodeName | null })
  | (ChangeOf<'rewire'> & { readonly before: Node; readonly after: Node })
  /** Nodes keep their places and readers under other names: pairs of the old name and the new one. */
  | (ChangeOf<'rename'> & { readonly names: readonly (readonly [NodeName, NodeName])[] })
  /** A node stands elsewhere; `from` and `next` stand behind it before and after. */
  | (ChangeOf<'move'> & {
      readonly node: Node;
      readonly from: NodeName | null;
      readonly next: NodeName | null;
    })
  /** Tensors, modules or observer ranges changed; the graph did not. */
  | (ChangeOf<'rescale'> & {
      readonly params: readonly ParamName[];
      readonly what: Rescaling;
      /** Of an observer that got another range: both. */
      readonly range?: RangeChange;
    });

/** The graph after the change. */
export function applyChange(graph: Graph, change: Change): Graph {
  switch (change.kind) {
    case 'insert':
      return insert(graph, change.node, change.next);
    case 'remove':
      return remove(graph, change.node);
    case 'rewire':
      return { nodes: graph.nodes.with(positionOf(graph, change.before.name), change.after) };
    case 'move':
      return insert(remove(graph, change.node), change.node, change.next);
    case 'rename':
      return renamed(graph, new Map(change.names));
    case 'rescale':
      return graph;
    default:
      return change satisfies never;
  }
}

/** The graph before the change, from the graph after it. */
export function revertChange(graph: Graph, change: Change): Graph {
  switch (change.kind) {
    case 'insert':
      return remove(graph, change.node);
    case 'remove':
      return insert(graph, change.node, change.next);
    case 'rewire':
      return { nodes: graph.nodes.with(positionOf(graph, change.after.name), change.before) };
    case 'move':
      return insert(remove(graph, change.node), change.node, change.from);
    case 'rename':
      return renamed(graph, new Map(change.names.map(([before, after]) => [after, before])));
    case 'rescale':
      return graph;
    default:
      return change satisfies never;
  }
}

const insert = (graph: Graph, node: Node, next: NodeName | null): Graph => ({
  nodes: graph.nodes.toSpliced(next === null ? graph.nodes.length : positionOf(graph, next), 0, node),
});

const remove = (graph: Graph, node: Node): Graph => ({
  nodes: graph.nodes.toSpliced(positionOf(graph, node.name), 1),
});

/** All names at once: two nodes may exchange theirs. */
function renamed(graph: Graph, names: ReadonlyMap<NodeName, NodeName>): Graph {
  const nameOf = (name: NodeName): NodeName => names.get(name) ?? name;
  const nodes = graph.nodes.map((node) =>
    mapNodeRefs({ ...node, name: nameOf(node.name) }, (reference) => ref(nameOf(reference.node))),
  );
  return { nodes };
}

function positionOf(graph: Graph, name: NodeName): number {
  const position = graph.nodes.findIndex((node) => node.name === name);
  if (position < 0)
    throw new GraphError(`internal: a change names '${name}', which the graph does not have.`, name);
  return position;
}
