import type { NodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';

/** A quantized model in PyTorch's reference form: quantize, dequantize, float op. `lower` goes on from it. */
export interface ReferenceModel extends Model {
  /** Nodes whose qconfig is float: lowering passes them by (`should_skip_lowering`). */
  readonly keptFloat: ReadonlySet<NodeName>;
}
