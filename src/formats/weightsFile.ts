import { FormatError } from './errors';
import type { TensorFile } from './pt/tensorFile';

/** A tensor of a file without a graph, as its directory states it. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly isFloat: boolean;
}

/** Named tensors without a graph: a state dict. The data is read when it is asked for. */
export interface WeightsFile {
  readonly file: string;
  readonly format: 'fx' | 'pt';
  readonly entries: readonly WeightEntry[];
  /** True where the file keeps the module's order; safetensors sorts by type and name. */
  readonly inModuleOrder: boolean;
  load(): Promise<TensorFile>;
}

/** A file that holds weights and no graph: no model by itself, but one can be made of it, layer by layer. */
export class PlainWeightsError extends FormatError {
  constructor(
    readonly weights: WeightsFile,
    message: string,
  ) {
    super(weights.file, message);
  }
}

/** `3 tensors ('a', 'b', …)`. */
export function tensorsText(entries: readonly WeightEntry[]): string {
  const first = entries.slice(0, 3).map(({ name }) => `'${name}'`);
  const count = entries.length === 1 ? '1 tensor' : `${entries.length} tensors`;
  return `${count} (${first.join(', ')}${entries.length > 3 ? ', …' : ''})`;
}
