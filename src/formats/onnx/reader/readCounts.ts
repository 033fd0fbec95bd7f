import type { GraphProto } from '../gen/onnx_pb';

/** How often each value is read, by nodes and as an output of the graph. */
export function countReads(graph: GraphProto): ReadonlyMap<string, number> {
  const reads = new Map<string, number>();
  const count = (value: string) => reads.set(value, (reads.get(value) ?? 0) + 1);
  for (const node of graph.node) node.input.forEach(count);
  for (const output of graph.output) count(output.name);
  return reads;
}
