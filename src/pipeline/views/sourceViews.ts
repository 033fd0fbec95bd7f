/* What is open, and what it runs on. */

export interface ModelView {
  readonly name: string;
  readonly format: 'fx' | 'onnx' | 'pt' | 'pt2' | 'tfjs';
  readonly parameters: number;
  readonly inputs: readonly { readonly name: string; readonly shape: string }[];
  readonly notes: readonly string[];
  /** Files that came along with the model and that it does not name. */
  readonly unused: readonly string[];
}

export type DataPurpose = 'calibration' | 'evaluation';

export interface DatasetView {
  readonly source: string;
  readonly samples: number;
  readonly labels: boolean;
  /** How the samples came about: arrays of a file, images, or made up. */
  readonly origin: 'arrays' | 'images' | 'generated';
  /** Remarks: images left out. */
  readonly notes: readonly string[];
  /** `x [1797, 64] float32` */
  readonly arrays: readonly string[];
}

export interface BackendView {
  readonly name: 'webgpu' | 'wasm' | 'cpu';
  /** The adapter's name, or why there is none. */
  readonly adapter: string;
  /** The badge's text: `WebGPU · NVIDIA …`, `WASM: no GPU`. */
  readonly label: string;
}
