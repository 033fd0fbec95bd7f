import { constantBehind } from '../graph/constantBehind';
import { GraphError } from '../graph/errors';
import { GraphIndex } from '../graph/graph';
import type { NodeName, ParamName } from '../graph/ids';
import type { Model } from '../graph/model';
import { inputsOf, type Node, readsOf } from '../graph/node';
import type { OpCall, Operand, OpName } from '../graph/op';
import { outputGrids, type ValueGrid } from '../graph/outputGrids';
import { assertSupported, opOf } from '../graph/resolve';
import { isTuple } from '../graph/resolve/resolveTuple';
import { sizeNodes } from '../graph/sizes';

/** One node to execute. */
export interface Step {
  readonly node: Node;
  readonly call: OpCall;
  /** Operands that are read from the device; constants that a rule reads from the host are not among them. */
  readonly operands: readonly Operand[];
  /** The grid that the value is rounded to. */
  readonly grid: ValueGrid | null;
  /** The value to round is an average of values on that grid, see `averageToGrid`. */
  readonly isAverage: boolean;
  /** Values that nothing reads after this step. */
  readonly release: readonly NodeName[];
}

export interface Plan {
  readonly steps: readonly Step[];
  /** The nodes that the output returns, in order. */
  readonly outputs: readonly NodeName[];
  /** Which tensor each `get_attr` node names. */
  readonly constants: ReadonlyMap<NodeName, ParamName>;
}

const AVERAGES: ReadonlySet<OpName> = new Set<OpName>(['mean', 'avg_pool', 'adaptive_avg_pool']);

/** The quantize ops read scale and zero point from the model; only their first operand is a value. */
const deviceOperands = (call: OpCall): readonly Operand[] =>
  call.op === 'quantize_per_tensor' || call.op === 'quantize_per_channel'
    ? call.operands.slice(0, 1)
    : call.operands;

/**
 * Resolves every node once and finds where each value is read last. Throws an UnsupportedOpError that lists all ops
 * the studio does not know, or a GraphError.
 */
export function planModel(model: Model): Plan {
  const index = new GraphIndex(model.graph);
  assertSupported(model, index);
  const calls = model.graph.nodes.map((node) => ({ node, call: opOf(model, index, node) }));
  const outputs = tensorsReturned(index);
  const idle = idleConstants(model, index, calls);
  const running = calls.filter(({ node }) => !idle.has(node.name));
  const releases = lastReads(
    running.map(({ node }) => node.name),
    running.map(valuesRead),
  );
  const grids = gridsOf(model, index, calls);
  const steps = running.map(
    ({ node, call }, at): Step => ({
      node,
      call,
      operands: deviceOperands(call),
      ...grids({ node, call }),
      release: releases[at] ?? [],
    }),
  );
  return {
    steps,
    outputs,
    constants: new Map(
      calls.flatMap(({ node }) => (node.op === 'get_attr' ? [[node.name, node.target]] : [])),
    ),
  };
}

/** What the output node returns: the executor gives tensors, so a size or a tuple there is refused by name. */
function tensorsReturned(index: GraphIndex): readonly NodeName[] {
  const output = index.graph.nodes[index.graph.nodes.length - 1];
  if (output?.op !== 'output') throw new GraphError('The graph must end in an output node.');
  const returned = readsOf(output);
  const sized = returned.find((name) => sizeNodes(index).has(name));
  if (sized !== undefined)
    throw new GraphError(
      `The model returns '${sized}', which is a size; the studio runs models that return tensors. Return tensors alone.`,
      sized,
    );
  const tuple = returned.find((name) => isTuple(index.find(name)));
  if (tuple !== undefined)
    throw new GraphError(
      `The model returns '${tuple}', which is several tensors in one; return its parts, one by one.`,
      tuple,
    );
  return returned;
}

/** Says of each call which grid its value is rounded to, and whether it is an average of values on that grid. */
function gridsOf(model: Model, index: GraphIndex, calls: readonly NodeCall[]) {
  const grids = outputGrids(model, index);
  const averages = new Set(calls.filter(({ call }) => AVERAGES.has(call.op)).map(({ node }) => node.name));
  return ({ node, call }: NodeCall): Pick<Step, 'grid' | 'isAverage'> => {
    const grid = grids.get(node.name);
    const [x] = call.operands;
    const isAverage =
      model.halves === undefined &&
      (averages.has(node.name) ||
        (call.op === 'quantize_per_tensor' && x?.kind === 'node' && averages.has(x.node)));
    return { grid: grid && (grid.rounds || isAverage) ? grid : null, isAverage };
  };
}

interface NodeCall {
  readonly node: Node;
  readonly call: OpCall;
}

const valuesRead = ({ node, call }: NodeCall): readonly NodeName[] =>
  node.op === 'output'
    ? inputsOf(node)
    : deviceOperands(call).flatMap((o) => (o.kind === 'node' || o.kind === 'shape' ? [o.node] : []));

/** The steps that put a functional layer's weight on its grid. */
const TO_GRID: ReadonlySet<OpName> = new Set<OpName>([
  'quantize_per_tensor',
  'quantize_per_channel',
  'dequantize',
]);

/**
 * Constants that only rules read (a functional weight, with the observers behind it or the steps to its grid; a scale):
 * no values of their own.
 */
function idleConstants(model: Model, index: GraphIndex, calls: readonly NodeCall[]): ReadonlySet<NodeName> {
  const used = new Set<NodeName>();
  const idle = new Set<NodeName>();
  for (const entry of calls.toReversed()) {
    const { name } = entry.node;
    const isConstant = TO_GRID.has(entry.call.op) || constantBehind(model, index, name) !== null;
    if (!used.has(name) && isConstant) idle.add(name);
    else for (const value of valuesRead(entry)) used.add(value);
  }
  return idle;
}

/** For each position, the values that are read there for the last time (or that nothing ever reads). */
function lastReads(
  names: readonly NodeName[],
  read: readonly (readonly NodeName[])[],
): readonly (readonly NodeName[])[] {
  const last = new Map<NodeName, number>();
  names.forEach((name, at) => {
    last.set(name, at);
    for (const operand of read[at] ?? []) last.set(operand, at);
  });
  const releases = names.map((): NodeName[] => []);
  for (const [name, at] of last) releases[at]?.push(name);
  return releases;
}
