import type { NodeName } from '../../graph/ids';
import { inferShapes } from '../../graph/inferShapes';
import type { Model } from '../../graph/model';
import { inputsOf, type Node } from '../../graph/node';
import type { Shape } from '../../graph/shape';

/**
 * Shapes of a graph that is still growing, each node inferred once. Only what follows from the file's own shapes
 * counts: the reading of an ONNX op may depend on it, so no guess at an input's shape is made.
 */
export class KnownShapes {
  private readonly shapes = new Map<NodeName, Shape>();

  /** `model.graph.nodes` may grow at its end. */
  constructor(private readonly model: Model) {}

  of(name: NodeName): Shape {
    for (const node of this.model.graph.nodes.slice(this.shapes.size))
      this.shapes.set(node.name, this.infer(node));
    return this.shapes.get(name) ?? null;
  }

  /** One node's shape: that of a graph that holds the node alone, with its inputs as placeholders. */
  private infer(node: Node): Shape {
    if (node.op === 'placeholder') return this.model.inputShapes[node.name] ?? null;
    const inputs = inputsOf(node);
    if (inputs.some((input) => !this.shapes.get(input))) return null;
    const placeholders = inputs.map(
      (name): Node => ({ name, op: 'placeholder', target: name, args: [], kwargs: {} }),
    );
    const inputShapes = Object.fromEntries(inputs.map((name) => [name, this.shapes.get(name) ?? null]));
    const alone = { ...this.model, graph: { nodes: [...placeholders, node] }, inputShapes };
    return inferShapes(alone).get(node.name) ?? null;
  }
}
