import { GraphIndex } from '../graph/graph';
import type { Model } from '../graph/model';
import type { OpCall } from '../graph/op';
import { resolveNode } from '../graph/resolve';
import { floatTypeOf, isFusedPart } from '../quant/choices';
import { observationOf } from '../quant/observation';
import type { TypeView } from './views';

/** Every view of the work asks again, and a model never changes. */
const known = new WeakMap<Model, readonly TypeView[]>();

const isLayer = (call: OpCall | null): boolean => call?.op === 'linear' || call?.op === 'conv';

/** The types of the model's quantizable calls, layers first, else in graph order. */
export function typeViews(model: Model): readonly TypeView[] {
  const views = known.get(model) ?? findTypes(model);
  known.set(model, views);
  return views;
}

function findTypes(model: Model): readonly TypeView[] {
  const index = new GraphIndex(model.graph);
  const types = new Map<string, { calls: number; layer: boolean }>();
  for (const node of model.graph.nodes) {
    const call = resolveNode(model, index, node);
    if (observationOf(call, node) === 'float') continue;
    const type = floatTypeOf(model, node);
    types.set(type, { calls: (types.get(type)?.calls ?? 0) + 1, layer: isLayer(call) });
  }
  const views = [...types].map(([type, { calls, layer }]) => ({
    type,
    calls,
    layer,
    equalizes: layer || isFusedPart(type),
  }));
  return [...views.filter(({ layer }) => layer), ...views.filter(({ layer }) => !layer)].map(
    ({ type, calls, equalizes }) => ({ type, calls, equalizes }),
  );
}
