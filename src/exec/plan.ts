import { GraphError } from '../graph/errors';
import { GraphIndex } from '../graph/graph';
import type { NodeName, ParamName } from '../graph/ids';
import type { Model } from '../graph/model';
import { inputsOf, type Node } from '../graph/node';
import type { OpCall, Operand } from '../graph/op';
import { assertSupported, opOf } from '../graph/resolve';

/** One node to execute. */
export interface Step {
  readonly node: Node;
  readonly call: OpCall;
  /** Operands that are read from the device; constants that a rule reads from the host are not among them. */
  readonly operands: readonly Operand[];
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

/** `quantize_per_tensor` reads scale and zero point from the model; only its first operand is a value. */
const deviceOperands = (call: OpCall): readonly Operand[] =>
  call.op === 'quantize_per_tensor' ? call.operands.slice(0, 1) : call.operands;

/**
 * Resolves every node once and finds where each value is read last. Throws an UnsupportedOpError that lists all ops
 * the studio does not know, or a GraphError.
 */
export function planModel(model: Model): Plan {
  const index = new GraphIndex(model.graph);
  assertSupported(model, index);
  const calls = model.graph.nodes.map((node) => ({ node, call: opOf(model, index, node) }));
  const output = model.graph.nodes[model.graph.nodes.length - 1];
  if (output?.op !== 'output') throw new GraphError('The graph must end in an output node.');
  const read = calls.map(({ node, call }) =>
    node.op === 'output'
      ? inputsOf(node)
      : deviceOperands(call).flatMap((o) => (o.kind === 'node' ? [o.node] : [])),
  );
  const releases = lastReads(
    calls.map(({ node }) => node.name),
    read,
  );
  const used = new Set(read.flat());
  const steps = calls.map(({ node, call }, at) => ({
    node,
    call,
    operands: deviceOperands(call),
    release: releases[at] ?? [],
  }));
  return {
    // A constant that only rules read (a functional weight, a scale) is no value of its own.
    steps: steps.filter(({ node }) => node.op !== 'get_attr' || used.has(node.name)),
    outputs: read[read.length - 1] ?? [],
    constants: new Map(
      calls.flatMap(({ node }) => (node.op === 'get_attr' ? [[node.name, node.target]] : [])),
    ),
  };
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
