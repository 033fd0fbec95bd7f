import type { GraphProto } from '../gen/onnx_pb';

/** Takes out nodes and initializers that lead to no output: steps to a grid that only a layer's weight went. */
export function withoutUnread(graph: GraphProto): void {
  const read = new Set(graph.output.map((output) => output.name));
  graph.node = graph.node
    .toReversed()
    .filter((node) => {
      if (!node.output.some((name) => read.has(name))) return false;
      for (const name of node.input) read.add(name);
      return true;
    })
    .toReversed();
  graph.initializer = graph.initializer.filter(({ name }) => read.has(name));
}
