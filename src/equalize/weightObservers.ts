import type { ModuleName } from '../graph/ids';
import type { ModuleSpec } from '../graph/model';
import { firstInput, type Node } from '../graph/node';
import type { Rewriter } from '../graph/rewriter';
import { weightObserversOf } from '../quant/functionalWeight';
import type { ObservedModel } from '../quant/observer';
import type { ChannelRanges } from '../quant/observers/perChannelMinMax';
import { emptyWeightObserver, type WeightObserverState } from '../quant/weightObserver';

type State = Pick<ObservedModel, 'weightObservers' | 'weightEqualizationObservers'>;

/**
 * What equalization does to the observers of a functional layer's weight (torch/ao/quantization/fx/_equalize.py,
 * `clear_weight_quant_obs_node` and the removal behind it):
 *
 *     w → obs → eq_obs → F.linear        becomes        w (scaled) → obs (has seen nothing) → F.linear
 */
export class WeightObservers {
  private readonly quantization: Record<ModuleName, WeightObserverState>;
  private readonly columns: Record<ModuleName, ChannelRanges | null>;

  constructor(
    model: State,
    private readonly rewriter: Rewriter,
    private readonly modules: Record<ModuleName, ModuleSpec>,
  ) {
    this.quantization = { ...model.weightObservers };
    this.columns = { ...model.weightEqualizationObservers };
  }

  state(): State {
    return { weightObservers: this.quantization, weightEqualizationObservers: this.columns };
  }

  /** The layer's weight was scaled: its observer forgets what it saw, and sees it again in `convert`. */
  reset(layer: Node): void {
    const { quantization } = this.behind(layer);
    const observer = quantization && this.quantization[quantization.module];
    if (!observer) return;
    this.quantization[quantization.module] = emptyWeightObserver(observer);
    this.rewriter.rescale(
      quantization.node,
      'forgotten',
      [],
      `${quantization.node} will see the scaled weight.`,
    );
  }

  /** The equalization observer of the layer's weight has done its work. */
  removeEqualization(layer: Node): void {
    const { equalization } = this.behind(layer);
    const input = equalization && firstInput(this.rewriter.get(equalization.node));
    if (!equalization || input === null) return;
    this.rewriter.remove(equalization.node, input, `${equalization.node} has done its work.`);
    delete this.columns[equalization.module];
    delete this.modules[equalization.module];
  }

  private behind(layer: Node) {
    return weightObserversOf(this.state(), (name) => this.rewriter.get(name), this.rewriter.get(layer.name));
  }
}
