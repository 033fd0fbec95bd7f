import { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { inputsOf, type Node } from '../graph/node';
import type { OpName } from '../graph/op';
import { resolveNode } from '../graph/resolve';
import { repeatedBlocks } from './repeatedBlocks';

/** The modules around a node, outermost first: `['encoder', 'layers', '0']`. */
export type ModulePath = readonly string[];
export type NodePaths = ReadonlyMap<NodeName, ModulePath>;

/** A model of fewer nodes is read without blocks, where its names make none. */
const LARGE = 100;

/** Functions that stand at the end of a block, between it and what follows: residual sums and activations. */
const CLOSES_A_BLOCK: ReadonlySet<OpName> = new Set([
  'add',
  'sub',
  'mul',
  'div',
  'relu',
  'relu6',
  'leaky_relu',
  'elu',
  'silu',
  'gelu',
  'hardtanh',
  'sigmoid',
  'tanh',
  'dropout',
  'identity',
  'unary',
  'binary',
]);

/** Module paths of the nodes of any step's model. */
export type PathsOf = (model: Model) => NodePaths;

function commonPrefix(a: ModulePath, b: ModulePath): ModulePath {
  const end = a.findIndex((part, depth) => part !== b[depth]);
  return end === -1 ? a : a.slice(0, end);
}

/** Through the last number in a path, which names one block of many; empty without one. */
function throughBlock(path: ModulePath): ModulePath {
  return path.slice(0, path.findLastIndex((part) => /^\d+$/.test(part)) + 1);
}

/**
 * Where a function belongs that stands between two modules: to both modules' common parent, but at the end of a
 * numbered block to that block, so that the last `add` of `layers.3` does not fall out of it.
 */
function between(above: ModulePath | null, below: ModulePath | null, closes: boolean): ModulePath {
  if (above === null || below === null) return above ?? below ?? [];
  const common = commonPrefix(above, below);
  const block = closes ? throughBlock(above) : [];
  return block.length > common.length ? block : common;
}

/** The modules that the file names around a node; null where it says nothing. */
function ownPath(node: Node, stated: Readonly<Record<NodeName, ModulePath>>): ModulePath | null {
  if (Object.hasOwn(stated, node.name)) return stated[node.name] ?? null;
  if (node.op === 'call_module') return node.target.split('.').slice(0, -1);
  return node.op === 'placeholder' || node.op === 'output' ? [] : null;
}

/** Of each node the path of what first reads it, looked up backwards through functions. */
function pathsBelow(index: GraphIndex, own: ReadonlyMap<NodeName, ModulePath | null>) {
  const below = new Map<NodeName, ModulePath | null>();
  for (const { name } of index.graph.nodes.toReversed()) {
    const [user] = index.users(name);
    below.set(name, user === undefined ? null : (own.get(user.name) ?? below.get(user.name) ?? null));
  }
  return below;
}

/** Constants belong to what reads them. */
function withConstants(index: GraphIndex, paths: Map<NodeName, ModulePath>): NodePaths {
  for (const node of index.graph.nodes) {
    if (node.op !== 'get_attr') continue;
    const readers = index.users(node.name).map(({ name }) => paths.get(name) ?? []);
    paths.set(node.name, readers.length === 0 ? [] : readers.reduce(commonPrefix));
  }
  return paths;
}

/** The path of the last one that a node reads, in the order of the graph. */
function pathAbove(index: GraphIndex, node: Node, paths: NodePaths): ModulePath | null {
  const read = inputsOf(node)
    .filter((name) => paths.has(name))
    .sort((a, b) => index.position(b) - index.position(a));
  return paths.get(read[0] ?? node.name) ?? null;
}

/** Of what reads nothing but a constant, as its observer does, the path that the constant had in the opened model. */
function pathOfConstant(node: Node, loaded: NodePaths): ModulePath | null {
  const [read] = inputsOf(node);
  return read === undefined ? null : (loaded.get(read) ?? null);
}

/** Cuts paths where a module holds less than two nodes: a group of one would only hide it. */
function withoutSingles(index: GraphIndex, paths: NodePaths): NodePaths {
  const counts = new Map<string, number>();
  const prefixes = (path: ModulePath) => path.map((_, depth) => path.slice(0, depth + 1).join('/'));
  for (const node of index.graph.nodes)
    if (node.op !== 'get_attr')
      for (const prefix of prefixes(paths.get(node.name) ?? []))
        counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  return new Map(
    [...paths].map(([name, path]) => {
      const depth = prefixes(path).findIndex((prefix) => (counts.get(prefix) ?? 0) < 2);
      return [name, depth === -1 ? path : path.slice(0, depth)] as const;
    }),
  );
}

/**
 * The module path of every node of a model as it was opened: of a module its target less the last part (`layers.0` of
 * `layers.0.fc1`), of an ONNX node what its name says (`stated`), of a function, which FX does not say, by what it
 * stands between. Of a large model whose names say nothing, by blocks that are repeated.
 */
export function loadedPaths(model: Model, stated: Readonly<Record<NodeName, ModulePath>>): NodePaths {
  const index = new GraphIndex(model.graph);
  const own = new Map(model.graph.nodes.map((node) => [node.name, ownPath(node, stated)] as const));
  const below = pathsBelow(index, own);
  const paths = new Map<NodeName, ModulePath>();
  for (const node of model.graph.nodes) {
    if (node.op === 'get_attr') continue;
    const known = own.get(node.name) ?? null;
    const op = resolveNode(model, index, node)?.op;
    const closes = op !== undefined && CLOSES_A_BLOCK.has(op);
    paths.set(
      node.name,
      known ?? between(pathAbove(index, node, paths), below.get(node.name) ?? null, closes),
    );
  }
  const named = withoutSingles(index, withConstants(index, paths));
  const isFlat = [...named.values()].every((path) => path.length === 0);
  if (!isFlat || named.size < LARGE) return named;
  return withConstants(index, new Map([...named, ...repeatedBlocks(model, index)]));
}

/**
 * The paths of a later step's nodes: those of the opened model keep theirs. What a pass inserted stands with what it
 * belongs to: an observer or a quantize with the node it reads, a mul and constants with what reads them.
 */
export function laterPaths(model: Model, loaded: NodePaths): NodePaths {
  const index = new GraphIndex(model.graph);
  const paths = new Map<NodeName, ModulePath>();
  const isBeforeReader = (node: Node) => node.op === 'call_function' && /\bmul\b/.test(node.target);
  for (const node of model.graph.nodes) {
    if (node.op === 'get_attr') continue;
    const [user] = index.users(node.name);
    const readerPath = user && isBeforeReader(node) ? loaded.get(user.name) : undefined;
    const known = loaded.get(node.name) ?? readerPath ?? pathAbove(index, node, paths);
    paths.set(node.name, known ?? pathOfConstant(node, loaded) ?? []);
  }
  return withConstants(index, paths);
}

/** The paths at any step of an opened model; those of the model itself are looked up once, when first asked for. */
export function pathsFrom(opened: Model, stated: Readonly<Record<NodeName, ModulePath>>): PathsOf {
  let loaded: NodePaths | null = null;
  return (model) => {
    loaded ??= loadedPaths(opened, stated);
    return model === opened ? loaded : laterPaths(model, loaded);
  };
}
