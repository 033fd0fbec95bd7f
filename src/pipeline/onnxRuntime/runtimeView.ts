/** What was run: the file as it came (or a fresh export), the equalized export, the quantized one without and with graph optimizations. */
export type RuntimeRowName = 'original' | 'equalized' | 'quantized' | 'quantized-optimized';

/** One file in ONNX Runtime against the studio's own model. */
export interface RuntimeRow {
  readonly name: RuntimeRowName;
  /** Largest error relative to the largest output; null where it did not run. */
  readonly maxRelError: number | null;
  /** In dB; null where it did not run or the outputs are all zero. */
  readonly sqnr: number | null;
  /** Whether it keeps its limit; null where there is none, or it did not run. */
  readonly agrees: boolean | null;
  /** Why it did not run. */
  readonly error: string | null;
}

/** The last check in ONNX Runtime. */
export interface RuntimeCheckView {
  readonly rows: readonly RuntimeRow[];
  readonly version: string;
  readonly samples: number;
  /** Steps or data have changed since. */
  readonly stale: boolean;
}
