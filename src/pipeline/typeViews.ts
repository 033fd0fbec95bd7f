import { GraphIndex } from '../graph/graph';
import type { Model } from '../graph/model';
import type { OpCall } from '../graph/op';
import { resolveNode } from '../graph/resolve';
import { floatTypeOf, isFusedPart } from '../quant/choices';
import { isLayerCall } from '../quant/layerAxes';
import { observationOf } from '../quant/observation';
import type { TypeView } from './views';

/** Every view of the work asks again, and a model never changes. */
const known = new WeakMap<Model, readonly TypeView[]>();

/** What fusion takes every ReLU for, however it was spelled. */
const RELU = 'torch.nn.ReLU';

/** The types of the model's quantizable calls, layers first, else in graph order. */
export function typeViews(model: Model): readonly TypeView[] {
  const views = known.get(model) ?? findTypes(model);
  known.set(model, views);
  return views;
}

function findTypes(model: Model): readonly TypeView[] {
  const index = new GraphIndex(model.graph);
  const types = new Map<string, TypeView>();
  const add = (type: string, kind: TypeView['kind'], calls: number) =>
    types.set(type, { type, kind, calls: (types.get(type)?.calls ?? 0) + calls });
  for (const node of model.graph.nodes) {
    const call = resolveNode(model, index, node);
    if (observationOf(call, node) === 'float') continue;
    const type = floatTypeOf(model, node);
    add(type, kindOf(call, type), 1);
    if (call?.op === 'relu') add(RELU, 'fused', 0);
  }
  const views = [...types.values()];
  return [...views.filter(({ kind }) => kind === 'layer'), ...views.filter(({ kind }) => kind !== 'layer')];
}

function kindOf(call: OpCall | null, type: string): TypeView['kind'] {
  if (isLayerCall(call)) return 'layer';
  return isFusedPart(type) ? 'fused' : 'other';
}
