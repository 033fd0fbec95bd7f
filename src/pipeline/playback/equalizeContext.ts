import { GraphIndex } from '../../graph/graph';
import type { NodeName } from '../../graph/ids';
import type { ObservedModel } from '../../quant/observer';
import { type LayerNode, layerNodes } from '../../quant/weightUse';
import type { Settings } from '../settings';
import type { EqualizeSnapshot } from '../snapshots';
import type { Phase } from './phases';
import { type ExplainedScale, scaleFormulas } from './scaleFormulas';
import { balancedRanges, type ScaleSource, scaleSources } from './scaleSources';
import { Factors } from './weightElements';

/** What the explanations of one equalization share, looked up once. */
export class EqualizeContext {
  readonly sources: ReadonlyMap<NodeName, ScaleSource>;
  readonly layers: ReadonlyMap<NodeName, LayerNode>;
  readonly factors: Factors;
  readonly index: GraphIndex;

  constructor(
    readonly phase: Phase,
    readonly before: ObservedModel,
    readonly snapshot: EqualizeSnapshot,
    private readonly settings: Settings,
  ) {
    this.index = new GraphIndex(before.graph);
    this.layers = new Map(layerNodes(before, this.index).map((layer) => [layer.node.name, layer]));
    this.sources = scaleSources(before, snapshot.result, settings.semantics);
    this.factors = new Factors(phase, snapshot.result);
  }

  /** How the scale of a channel came about. */
  scaleOf(source: ScaleSource, c: number): ExplainedScale {
    return scaleFormulas(source, this.settings, c, () =>
      balancedRanges(source, this.snapshot.model, this.layers, c),
    );
  }
}
