import type { Tensor } from '../graph/tensor';

/**
 * Samples for calibration or evaluation. `arrays` is keyed by the model's input name; a file with one unnamed
 * array (`.npy`, `.csv`) uses the key `''`, which stands for the model's only input. Axis 0 counts samples.
 */
export interface Dataset {
  readonly arrays: Readonly<Record<string, Tensor>>;
  /** Class indices of the samples, from an integer array named `labels` or `y`. */
  readonly labels: Int32Array | null;
  readonly samples: number;
  /** File names, for the page and the report. */
  readonly source: string;
}
