import { freeName } from '../graph/graph';
import { type ModuleName, type NodeName, nodeName } from '../graph/ids';
import type { Model, ModuleSpec } from '../graph/model';
import { type CallFunction, inputsOf, mapNodeRefs, type Node, ref } from '../graph/node';
import { FOLDED } from './foldBatchNorm';
import { TAKEN_RELUS, type TakenRelu, takenRelu, WITH_RELU } from './fusedRelu';

const WITHOUT_RELU: ReadonlyMap<string, string> = new Map(
  [...WITH_RELU].map(([plain, fused]) => [fused, plain]),
);

/**
 * Gives every LinearReLU, ConvReLU and BNReLU its ReLU back, in the place where it stood: the inverse of `fuse`, but
 * that a folded batch normalization stays folded.
 *
 *     x → linear (LinearReLU) → y        becomes        x → linear → relu → y
 *
 * What equalization put in between and reads the ReLU's value comes behind it. A module that PyTorch fused for the sake
 * of another call (`fuseRepeated`) has a ReLU behind each.
 */
export function unfuse<M extends Model>(model: M): M {
  const modules: Record<ModuleName, ModuleSpec> = Object.fromEntries(
    Object.entries<ModuleSpec>(model.modules).map(([target, spec]) => [target, withoutNotes(spec)]),
  );
  const taken = new Map<NodeName, TakenRelu>();
  const names = new Set<string>(model.graph.nodes.map((node) => node.name));
  model.graph.nodes.forEach((node, position) => {
    const spec = node.op === 'call_module' ? model.modules[node.target] : undefined;
    if (node.op !== 'call_module' || !WITHOUT_RELU.has(spec?.type ?? '')) return;
    const next = model.graph.nodes[position + 1]?.name ?? null;
    const entry = takenRelu(spec, node.name) ?? { relu: extraRelu(node.name, names), next };
    names.add(entry.relu.name);
    taken.set(node.name, entry);
  });
  const nodes = model.graph.nodes.map((node) =>
    mapNodeRefs(node, (read) => ref(taken.get(read.node)?.relu.name ?? read.node)),
  );
  return { ...model, graph: { nodes: withRelus(nodes, [...taken.values()]) }, modules };
}

/** As PyTorch's constructors take it: without what was fused and folded. */
function withoutNotes({ type, attrs }: ModuleSpec): ModuleSpec {
  const { [FOLDED]: _, [TAKEN_RELUS]: __, ...own } = attrs;
  return { type: WITHOUT_RELU.get(type) ?? type, attrs: own };
}

const extraRelu = (layer: NodeName, names: ReadonlySet<string>): CallFunction => ({
  name: nodeName(freeName(`${layer}_relu`, (name) => names.has(name))),
  op: 'call_function',
  target: 'torch.nn.functional.relu',
  args: [ref(layer)],
  kwargs: {},
});

/** Inserts each ReLU before the node that stood behind it, or before its first reader where that comes earlier. */
function withRelus(nodes: readonly Node[], taken: readonly TakenRelu[]): readonly Node[] {
  const positions = new Map(nodes.map((node, position) => [node.name, position]));
  const byName = new Map(taken.map((entry) => [entry.relu.name, entry]));
  const readers = new Map<NodeName, number>();
  nodes.forEach((node, position) => {
    for (const input of inputsOf(node)) if (!readers.has(input)) readers.set(input, position);
  });
  /** Two ReLUs may follow each other: the first stands where the second does, and before it. */
  const placeOf = ({ relu, next }: TakenRelu): { readonly position: number; readonly before: number } => {
    const behind = next === null ? undefined : byName.get(next);
    const place = behind
      ? placeOf(behind)
      : { position: (next === null ? undefined : positions.get(next)) ?? nodes.length, before: -1 };
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
