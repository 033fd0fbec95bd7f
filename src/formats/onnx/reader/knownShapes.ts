import type { NodeName } from '../../../graph/ids';
import { inferValues } from '../../../graph/inferShapes';
import type { Model } from '../../../graph/model';
import { inputsOf, type Node } from '../../../graph/node';
import { isTuple } from '../../../graph/resolve/resolveTuple';
import type { Shape } from '../../../graph/shape';

/**
 * Shapes of a graph that is still growing, each node inferred once. Only what follows from the file's own shapes
 * counts: the reading of an ONNX op may depend on it, so no guess at an input's shape is made.
 */
export class KnownShapes {
  private readonly shapes = new Map<NodeName, Shape>();
  /** Nodes of sizes and tuples, which have no shape of their own. */
  private readonly through = new Map<NodeName, Node>();
  /** `get_attr` nodes: some calls read the tensor itself, an embedding its table. */
  private readonly constants = new Map<NodeName, Node>();

  /** `model.graph.nodes` may grow at its end. */
  constructor(private readonly model: Model) {}

  of(name: NodeName): Shape {
    for (const node of this.model.graph.nodes.slice(this.shapes.size))
      this.shapes.set(node.name, this.infer(node));
    return this.shapes.get(name) ?? null;
  }

  /** One node's shape: that of a graph of the node and the sizes that it reads, with tensors as placeholders. */
  private infer(node: Node): Shape {
    if (node.op === 'get_attr') this.constants.set(node.name, node);
    if (node.op === 'placeholder') return this.model.inputShapes[node.name] ?? null;
    const kept = new Map<NodeName, Node>();
    if (!inputsOf(node).every((name) => this.keep(name, kept))) return null;
    const inputShapes = Object.fromEntries(
      [...kept.keys()].map((name) => [name, this.shapes.get(name) ?? null]),
    );
    const alone = { ...this.model, graph: { nodes: [...kept.values(), node] }, inputShapes };
    const { shapes, sizes } = inferValues(alone);
    if (sizes.has(node.name) || isTuple(node)) this.through.set(node.name, node);
    return shapes.get(node.name) ?? null;
  }

  /** Adds what gives a value: a placeholder, or a size or tuple with all that it is made of. False where a shape is not known. */
  private keep(name: NodeName, kept: Map<NodeName, Node>): boolean {
    if (kept.has(name)) return true;
    const through = this.through.get(name);
    if (!through) {
      kept.set(
        name,
        this.constants.get(name) ?? { name, op: 'placeholder', target: name, args: [], kwargs: {} },
      );
      return this.shapes.get(name) !== null;
    }
    const known = inputsOf(through).every((input) => this.keep(input, kept));
    kept.set(name, through);
    return known;
  }
}
