/*
 * ONNX Runtime as the core sees it: whoever owns it (the page's worker, a test in Node) hands one in.
 */

/** A tensor that crosses to ONNX Runtime and back; `type` is its name there: `float32`, `int64`, `bool`. */
export interface RuntimeTensor {
  readonly type: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array;
}

/** A file that a model names and reads its tensors from. */
export interface RuntimeFile {
  readonly path: string;
  readonly data: Uint8Array;
}

/** One loaded model. */
export interface RuntimeSession {
  /** Inputs in the model's order, with their types. */
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  /** Runs on tensors in the order of the inputs; the outputs come in the model's order. */
  run(inputs: readonly RuntimeTensor[]): Promise<readonly RuntimeTensor[]>;
  close(): Promise<void>;
}

export interface OnnxRuntime {
  readonly version: string;
  /** Loads a model, with all graph optimizations or with none. Rejects with ONNX Runtime's own words. */
  open(model: Uint8Array, files: readonly RuntimeFile[], optimize: boolean): Promise<RuntimeSession>;
}
