import { scalePassage } from '../../equalize/scalePassage';
import { GraphIndex } from '../../graph/graph';
import type { NodeName } from '../../graph/ids';
import { inputsOf, type Node } from '../../graph/node';
import type { OpCall } from '../../graph/op';
import { resolveNode } from '../../graph/resolve';
import type { SemanticsRun } from './semanticsRun';

/** Whether the op's value carries its input's scale on: `op(s · x) = s · op(x)` for s > 0. */
const carries = (call: OpCall): boolean => scalePassage(call, null).kind !== 'barrier';

/** Nodes that a run put into the graph after `prepare` had fused it: observers, muls, their constants. */
export function insertedNodes({ fused, equalized }: SemanticsRun): ReadonlySet<NodeName> {
  const known = new Set(fused.graph.nodes.map((node) => node.name));
  return new Set(equalized.model.graph.nodes.flatMap(({ name }) => (known.has(name) ? [] : [name])));
}

/**
 * The values of the equalized float model that carry an equalization scale, each with the node it comes from: a layer
 * whose rows took the scale of the layer behind it, or an inserted mul.
 */
export function scaledValues(run: SemanticsRun): ReadonlyMap<NodeName, NodeName> {
  const { model, outputScales } = run.equalized;
  const index = new GraphIndex(model.graph);
  const inserted = insertedNodes(run);
  // Exact knows what it scaled; PyTorch does not look behind the layer: there the scale goes where it can.
  const scaled = new Map(run.equalized.scaledValues);
  for (const node of model.graph.nodes) {
    if (outputScales.has(node.name) || (inserted.has(node.name) && model.floatNodes.includes(node.name)))
      scaled.set(node.name, node.name);
    const call = resolveNode(model, index, node);
    const [source] = inputsOf(node).flatMap((input) => scaled.get(input) ?? []);
    if (source !== undefined && call && carries(call) && !scaled.has(node.name))
      scaled.set(node.name, source);
  }
  return scaled;
}

/** A node that reads a scaled value and neither divides the scale out nor hands it on. */
export interface MisledReader {
  readonly reader: Node;
  readonly value: NodeName;
  readonly source: NodeName;
}

export function misledReaders(
  run: SemanticsRun,
  scaled: ReadonlyMap<NodeName, NodeName>,
): readonly MisledReader[] {
  const { model, decisions } = run.equalized;
  const inserted = insertedNodes(run);
  const dividing = new Set(decisions.flatMap((d) => (d.decision === 'skip' ? [] : [d.layer])));
  return model.graph.nodes.flatMap((reader) => {
    const handsOn = scaled.has(reader.name) && scaled.get(reader.name) !== reader.name;
    if (handsOn || dividing.has(reader.name) || inserted.has(reader.name)) return [];
    const value = inputsOf(reader).find((input) => scaled.has(input));
    const source = value && scaled.get(value);
    return value && source ? [{ reader, value, source }] : [];
  });
}
