import type { Tensor } from '../graph/tensor';
import type { ByteSource } from './byteSource';
import type { GeneratedSettings } from './generated/generatedSettings';
import type { ImageSettings } from './images/imageSettings';

/** Where samples come from, when not from arrays in a file. */
export type DataOrigin =
  | {
      readonly kind: 'images';
      /** Kept, so that other settings need no second choice of files. */
      readonly sources: readonly ByteSource[];
      readonly settings: ImageSettings;
      /** File of each sample. */
      readonly names: readonly string[];
      /** Names of the class folders, where the images lie in such. */
      readonly classes: readonly string[] | null;
    }
  | { readonly kind: 'generated'; readonly settings: GeneratedSettings };

/**
 * Samples for calibration or evaluation. `arrays` is keyed by the model's input name; a file with one unnamed
 * array (`.npy`, `.csv`) uses the key `''`, which stands for the model's only input. Axis 0 counts samples.
 */
export interface Dataset {
  readonly arrays: Readonly<Record<string, Tensor>>;
  /** Class indices of the samples, from an integer array named `labels` or `y`, or from class folders of images. */
  readonly labels: Int32Array | null;
  readonly samples: number;
  /** File names, for the page and the report. */
  readonly source: string;
  /** Absent for arrays from a file. */
  readonly origin?: DataOrigin;
  /** Remarks for the user: images left out. */
  readonly notes?: readonly string[];
}
