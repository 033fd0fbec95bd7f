import type { Graph } from './graph';
import type { NodeName, ParamName } from './ids';
import type { Node } from './node';

interface ChangeOf<K extends string> {
  readonly kind: K;
  /** The nodes to highlight; the first is the one that changed. */
  readonly nodes: readonly NodeName[];
  /** One sentence that says what happened and why. */
  readonly sentence: string;
}

/**
 * One rewrite of a pass. Each carries what it takes to play it forwards and backwards, so the page can walk
 * through a pass without recomputing it.
 */
export type Change =
  | (ChangeOf<'insert'> & { readonly at: number; readonly node: Node })
  | (ChangeOf<'remove'> & { readonly at: number; readonly node: Node })
  | (ChangeOf<'rewire'> & { readonly at: number; readonly before: Node; readonly after: Node })
  /** Tensors or observer ranges changed; the graph did not. */
  | (ChangeOf<'rescale'> & { readonly params: readonly ParamName[] });

/** The graph after the change. */
export function applyChange(graph: Graph, change: Change): Graph {
  switch (change.kind) {
    case 'insert':
      return { nodes: graph.nodes.toSpliced(change.at, 0, change.node) };
    case 'remove':
      return { nodes: graph.nodes.toSpliced(change.at, 1) };
    case 'rewire':
      return { nodes: graph.nodes.with(change.at, change.after) };
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
      return { nodes: graph.nodes.toSpliced(change.at, 1) };
    case 'remove':
      return { nodes: graph.nodes.toSpliced(change.at, 0, change.node) };
    case 'rewire':
      return { nodes: graph.nodes.with(change.at, change.before) };
    case 'rescale':
      return graph;
    default:
      return change satisfies never;
  }
}
