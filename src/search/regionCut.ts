import { constantBehind } from '../graph/constantBehind';
import { GraphIndex } from '../graph/graph';
import { type NodeName, nodeName } from '../graph/ids';
import { inferTypes } from '../graph/inferTypes';
import { firstInput, inputsOf, type Node, ref } from '../graph/node';
import { resolveNode } from '../graph/resolve';
import { observationOf } from '../quant/observation';
import { isObserver, type ObservedModel } from '../quant/observer';
import type { Site } from './candidate';

/** A part of a model as a model: what a site's scales change, and no more. */
export interface RegionCut {
  /** Its placeholders have the names of the values of the whole model that they stand for. */
  readonly model: ObservedModel;
  readonly inputs: readonly NodeName[];
  /** The site's layers, whose outputs it returns. */
  readonly layers: readonly NodeName[];
}

/**
 * Cuts a site out of the calibrated model:
 *
 *     … x → obs → fc1 → relu → obs → eq_obs → fc2 → obs → …        becomes        x → obs → fc1 → relu → obs → eq_obs → fc2
 *
 * The layers, all values that carry their factors, the nodes whose tensors take them, and the observers that these
 * read; what stands before is an input.
 */
export function cutRegion(model: ObservedModel, site: Site): RegionCut {
  const index = new GraphIndex(model.graph);
  const layers = [
    ...new Set(site.placements.flatMap(({ consumers }) => consumers.map((c) => c.layer.node.name))),
  ];
  const kept = keptNodes(model, index, site, layers);
  const inputs = new Set<NodeName>();
  const inside = model.graph.nodes.filter((node) => kept.has(node.name));
  for (const node of inside) for (const input of inputsOf(node)) if (!kept.has(input)) inputs.add(input);
  const placeholders = [...inputs].map(
    (name): Node => ({ name, op: 'placeholder', target: name, args: [], kwargs: {} }),
  );
  const output: Node = {
    name: nodeName('output'),
    op: 'output',
    target: 'output',
    args: [layers.map(ref)],
    kwargs: {},
  };
  const graph = { nodes: [...placeholders, ...inside, output] };
  const types = inferTypes(model, index);
  const inputTypes = Object.fromEntries([...inputs].map((name) => [name, types.get(name) ?? 'float32']));
  return { model: { ...model, graph, inputShapes: {}, inputTypes }, inputs: [...inputs], layers };
}

function keptNodes(
  model: ObservedModel,
  index: GraphIndex,
  site: Site,
  layers: readonly NodeName[],
): ReadonlySet<NodeName> {
  const kept = new Set<NodeName>();
  const open: NodeName[] = [...layers];
  for (const placement of site.placements)
    if (placement.placement === 'fold')
      open.push(...placement.values, ...placement.params.map(({ node }) => node));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (kept.has(name) || index.get(name).op === 'placeholder') continue;
    kept.add(name);
    for (const input of inputsOf(index.get(name))) if (belongsBefore(model, index, input)) open.push(input);
  }
  return kept;
}

/** Constants, sizes, observers, and what only moves the value that an observer saw: it is quantized as its mover's output is. */
function belongsBefore(model: ObservedModel, index: GraphIndex, name: NodeName): boolean {
  const node = index.get(name);
  if (node.op === 'call_module' && isObserver(model, node.target)) return true;
  if (constantBehind(model, index, name) !== null) return true;
  const call = resolveNode(model, index, node);
  // A size or a tuple is no value that could be an input; what it is the size of, or of what it is made, is.
  if (call?.op === 'size' || call?.op === 'tuple') return true;
  return observationOf(call, node) === 'shared' && firstInput(node) !== null;
}
