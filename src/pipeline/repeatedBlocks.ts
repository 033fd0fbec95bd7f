import { expectedTensors } from '../graph/expectedTensors';
import type { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import { inferShapes } from '../graph/inferShapes';
import type { Model } from '../graph/model';
import { inputsOf, type Node } from '../graph/node';
import type { OpName } from '../graph/op';
import { opTitle, resolveNode } from '../graph/resolve';
import { formatShape } from '../graph/shape';
import { nodeDetail } from './nodeDetail';

/** Blocks of more nodes than these are not looked for. */
const LONGEST = 256;
/** Fewer equal blocks in a row stay as they are. */
const LEAST = 3;

const LAYERS: ReadonlySet<OpName> = new Set(['linear', 'conv', 'conv_transpose']);

/**
 * What makes two nodes alike as numbers: their ops, the sizes of their tensors, the shapes of what they give. An input of
 * the model is like no other node.
 */
function kindsOf(model: Model, index: GraphIndex, nodes: readonly Node[]): readonly number[] {
  const shapes = inferShapes(model);
  const table = new Map<string, number>();
  return nodes.map((node) => {
    const call = resolveNode(model, index, node);
    const detail = call && LAYERS.has(call.op) ? nodeDetail(model, node, call, false) : '';
    const sizes = call ? expectedTensors(call).map(({ shape }) => shape.join('×')) : [];
    const shape = formatShape(shapes.get(node.name) ?? null);
    const own = node.op === 'placeholder' ? node.name : '';
    const written = [own, node.op, opTitle(model, node), detail, shape, ...sizes].join('|');
    const kind = table.get(written) ?? table.size;
    table.set(written, kind);
    return kind;
  });
}

/** How many values what stands from each node on takes from what stands in front of it. */
function crossingsOf(nodes: readonly Node[]): readonly number[] {
  const positions = new Map(nodes.map(({ name }, position) => [name, position]));
  const lastRead = nodes.map((_, position) => position);
  for (const [position, node] of nodes.entries())
    for (const input of inputsOf(node)) {
      const from = positions.get(input);
      if (from !== undefined) lastRead[from] = Math.max(lastRead[from] ?? 0, position);
    }
  const entering = nodes.map(() => 0);
  for (const [position, last] of lastRead.entries()) {
    if (last === position) continue;
    entering[position + 1] = (entering[position + 1] ?? 0) + 1;
    entering[last + 1] = (entering[last + 1] ?? 0) - 1;
  }
  let crossing = 0;
  return entering.map((more) => {
    crossing += more;
    return crossing;
  });
}

/** `count` equal blocks of `period` nodes from `start` on. */
interface Repeat {
  readonly start: number;
  readonly period: number;
  readonly count: number;
}

/** How many nodes from `start` on are like the one that stands `period` behind them. */
function likeness(kinds: readonly number[], start: number, period: number): number {
  let length = 0;
  while (start + period + length < kinds.length && kinds[start + length] === kinds[start + period + length])
    length++;
  return length;
}

/**
 * The repeat at a place that covers most, of the shortest period. Where a block begins is not told by what is repeated:
 * it begins where the fewest values lead into it.
 */
function repeatAt(kinds: readonly number[], crossings: readonly number[], start: number): Repeat | null {
  let best: Repeat | null = null;
  const longest = Math.min(LONGEST, Math.floor((kinds.length - start) / LEAST));
  for (let period = 2; period <= longest; period++) {
    const covered = likeness(kinds, start, period) + period;
    const isMore = Math.floor(covered / period) * period > (best ? best.count * best.period : 0);
    if (covered < LEAST * period || !isMore) continue;
    const places = crossings.slice(start, start + period);
    const cut = places.indexOf(Math.min(...places));
    const count = Math.floor((covered - cut) / period);
    best =
      count >= LEAST
        ? { start: start + cut, period, count }
        : { start, period, count: Math.floor(covered / period) };
  }
  return best;
}

function repeatsOf(kinds: readonly number[], crossings: readonly number[]): readonly Repeat[] {
  const repeats: Repeat[] = [];
  for (let start = 0; start < kinds.length; ) {
    const found = repeatAt(kinds, crossings, start);
    if (found !== null) repeats.push(found);
    start = found === null ? start + 1 : found.start + found.count * found.period;
  }
  return repeats;
}

/**
 * Paths for a model whose names say nothing of modules: `block 1`, `block 2` and so on for chains of nodes that are
 * repeated at least three times in a row, in the order of the graph. A block is an unbroken part of that order, so that
 * no way leads out of it and into it again.
 */
export function repeatedBlocks(model: Model, index: GraphIndex): ReadonlyMap<NodeName, readonly string[]> {
  const nodes = model.graph.nodes.filter(({ op }) => op !== 'get_attr' && op !== 'output');
  const paths = new Map<NodeName, readonly string[]>();
  let number = 0;
  for (const { start, period, count } of repeatsOf(kindsOf(model, index, nodes), crossingsOf(nodes)))
    for (let block = 0; block < count; block++) {
      const path = [`block ${++number}`];
      const first = start + block * period;
      for (const { name } of nodes.slice(first, first + period)) paths.set(name, path);
    }
  return paths;
}
