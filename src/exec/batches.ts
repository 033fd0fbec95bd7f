import type { NodeName } from '../graph/ids';
import type { Tensor } from '../graph/tensor';

/** Input values of one run of the model, by placeholder; axis 0 counts samples. */
export interface Batch {
  readonly inputs: Readonly<Record<NodeName, Tensor>>;
  readonly samples: number;
  /** Class indices of these samples, where the data is labelled. */
  readonly labels: Int32Array | null;
}
