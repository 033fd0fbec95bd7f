import { type ModuleName, moduleName, type NodeName, nodeName } from '../graph/ids';
import type { Model, ModuleSpec } from '../graph/model';
import { type Argument, inputsOf, mapNodeRefs, type Node, ref } from '../graph/node';
import { FOLDED } from './foldBatchNorm';
import { WITH_RELU } from './fuse';

const WITHOUT_RELU: ReadonlyMap<string, string> = new Map(
  [...WITH_RELU].map(([plain, fused]) => [fused, plain]),
);

/** A ReLU that a layer took in, and the node that stood behind it in the user's graph. */
interface TakenIn {
  readonly relu: Node;
  readonly next: NodeName;
}

/**
 * Gives every LinearReLU, ConvReLU and BNReLU its ReLU back, in the place where it stood: the inverse of `fuse`, but
 * that a folded batch normalization stays folded.
 *
 *     x → linear (LinearReLU) → y        becomes        x → linear → relu → y
 *
 * What equalization put in between and reads the ReLU's value comes behind it.
 */
export function unfuse<M extends Model>(model: M): M {
  const modules: Record<ModuleName, ModuleSpec> = Object.fromEntries(
    Object.entries<ModuleSpec>(model.modules).map(([target, spec]) => [target, withoutMark(spec)]),
  );
  const taken = new Map<NodeName, TakenIn>();
  for (const node of model.graph.nodes) {
    const spec = node.op === 'call_module' ? modules[node.target] : undefined;
    const type = WITHOUT_RELU.get(spec?.type ?? '');
    if (node.op !== 'call_module' || !spec || type === undefined) continue;
    const { relu_node, relu_op, relu_target, relu_next, relu_positional, relu_inplace, ...attrs } =
      spec.attrs;
    modules[node.target] = { type, attrs };
    const shared = {
      name: nodeName(String(relu_node)),
      ...reluArguments(node.name, relu_positional, relu_inplace),
    };
    const relu: Node =
      relu_op === 'call_module'
        ? { ...shared, op: 'call_module', target: moduleName(String(relu_target)) }
        : { ...shared, op: 'call_function', target: String(relu_target) };
    taken.set(node.name, { relu, next: nodeName(String(relu_next)) });
  }
  const nodes = model.graph.nodes.map((node) =>
    mapNodeRefs(node, (read) => ref(taken.get(read.node)?.relu.name ?? read.node)),
  );
  return { ...model, graph: { nodes: withRelus(nodes, [...taken.values()]) }, modules };
}

/** Without the note of what was folded into the layer, which PyTorch's constructor does not take. */
function withoutMark(spec: ModuleSpec): ModuleSpec {
  if (!(FOLDED in spec.attrs)) return spec;
  const { [FOLDED]: _, ...attrs } = spec.attrs;
  return { type: spec.type, attrs };
}

/** The ReLU's arguments as the user wrote them: by position as far as `positional` goes, the rest by keyword. */
function reluArguments(
  linear: NodeName,
  positional: unknown,
  inplace: unknown,
): Pick<Node, 'args' | 'kwargs'> {
  const given: readonly (readonly [string, Argument])[] = [
    ['input', ref(linear)],
    ...(typeof inplace === 'boolean' ? [['inplace', inplace] as const] : []),
  ];
  const count = Number(positional);
  return {
    args: given.slice(0, count).map(([, value]) => value),
    kwargs: Object.fromEntries(given.slice(count)),
  };
}

/** Inserts each ReLU before the node that stood behind it, or before its first reader where that comes earlier. */
function withRelus(nodes: readonly Node[], taken: readonly TakenIn[]): readonly Node[] {
  const positions = new Map(nodes.map((node, position) => [node.name, position]));
  const byName = new Map(taken.map((entry) => [entry.relu.name, entry]));
  const readers = new Map<NodeName, number>();
  nodes.forEach((node, position) => {
    for (const input of inputsOf(node)) if (!readers.has(input)) readers.set(input, position);
  });
  /** Two ReLUs may follow each other: the first stands where the second does, and before it. */
  const placeOf = ({ relu, next }: TakenIn): { readonly position: number; readonly before: number } => {
    const behind = byName.get(next);
    const place = behind ? placeOf(behind) : { position: positions.get(next) ?? nodes.length, before: -1 };
    return {
      position: Math.min(place.position, readers.get(relu.name) ?? nodes.length),
      before: place.before + 1,
    };
  };
  const slots = new Map<number, { readonly relu: Node; readonly before: number }[]>();
  for (const entry of taken) {
    const { position, before } = placeOf(entry);
    slots.set(position, [...(slots.get(position) ?? []), { relu: entry.relu, before }]);
  }
  const relusAt = (position: number) =>
    (slots.get(position) ?? []).toSorted((a, b) => b.before - a.before).map(({ relu }) => relu);
  return [...nodes.flatMap((node, position) => [...relusAt(position), node]), ...relusAt(nodes.length)];
}
