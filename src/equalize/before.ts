import type { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import type { ObservedModel } from '../quant/observer';
import type { LayerNode } from '../quant/weightUse';

/** The calibrated model, and what is looked up in it again and again. */
export interface Before {
  readonly model: ObservedModel;
  readonly index: GraphIndex;
  readonly layers: ReadonlyMap<NodeName, LayerNode>;
}
