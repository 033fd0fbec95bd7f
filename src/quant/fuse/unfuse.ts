import { freeName } from '../../graph/graph';
import { type ModuleName, type NodeName, nodeName } from '../../graph/ids';
import type { Model, ModuleSpec } from '../../graph/model';
import { type CallFunction, inputsOf, mapNodeRefs, type Node, ref } from '../../graph/node';
import { FOLDED } from './foldBatchNorm';
import { type Place, TAKEN_RELUS, type TakenRelu, takenRelu, WITH_RELU } from './fusedRelu';

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
  const taken = takenRelus(model);
  const nodes = model.graph.nodes.map((node) =>
    mapNodeRefs(node, (read) => ref(taken.get(read.node)?.relu.name ?? read.node)),
  );
  return { ...model, graph: { nodes: inTheirPlaces(nodes, taken) }, modules };
}

/** By layer: the ReLU that its call took in, or one made up. */
function takenRelus(model: Model): ReadonlyMap<NodeName, TakenRelu> {
  const taken = new Map<NodeName, TakenRelu>();
  const names = new Set<string>(model.graph.nodes.map((node) => node.name));
  model.graph.nodes.forEach((node, position) => {
    const spec = node.op === 'call_module' ? model.modules[node.target] : undefined;
    if (node.op !== 'call_module' || !WITHOUT_RELU.has(spec?.type ?? '')) return;
    const next = model.graph.nodes[position + 1]?.name ?? null;
    // Places are taken from the last to the first: what has none of its own comes when all others stand.
    const reluPlace = { position: -1, next };
    const layerPlace = { position: -1, next };
    const entry = takenRelu(spec, node.name) ?? { relu: extraRelu(node.name, names), reluPlace, layerPlace };
    names.add(entry.relu.name);
    taken.set(node.name, entry);
  });
  return taken;
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

/**
 * Puts ReLUs, and the layers that stood apart from theirs, in front of the node that stood behind them, from the last to
 * the first; or in front of their first reader, where equalization put one in between.
 */
function inTheirPlaces(nodes: readonly Node[], taken: ReadonlyMap<NodeName, TakenRelu>): readonly Node[] {
  const entries = [...taken].flatMap(([layer, { relu, reluPlace, layerPlace }]) => {
    const stoodApart = layerPlace.next !== relu.name && layerPlace.position >= 0;
    const moved = stoodApart ? nodes.find((node) => node.name === layer) : undefined;
    const own: { readonly node: Node; readonly place: Place }[] = [{ node: relu, place: reluPlace }];
    return moved ? [...own, { node: moved, place: layerPlace }] : own;
  });
  const list = [...nodes];
  for (const { node, place } of entries.toSorted((a, b) => b.place.position - a.place.position)) {
    const old = list.findIndex(({ name }) => name === node.name);
    if (old >= 0) list.splice(old, 1);
    const at = list.findIndex((other) => other.name === place.next || inputsOf(other).includes(node.name));
    list.splice(at < 0 ? list.length : at, 0, node);
  }
  return list;
}
