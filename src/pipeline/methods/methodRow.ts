import type { Method } from '../settings';

/** A method of exact semantics, no equalization at all, or what PyTorch 1.13.1 does. */
export type MethodName = 'none' | Method | 'pytorch';

/** What came of one method on the open model: plain data, ready for the page. */
export interface MethodRow {
  readonly name: MethodName;
  /** SQNR of the model's output in dB on calibration data; null where there is no signal. */
  readonly sqnr: number | null;
  /** 0…1 on evaluation data; null without labels. */
  readonly accuracy: number | null;
  /** Multiplications that run in the equalized model. */
  readonly muls: number;
  /** Layers whose scale was folded. */
  readonly folds: number;
  /** The float model's largest relative error after equalization. */
  readonly maxRelError: number | null;
  /** SQNR of each layer's output in dB. */
  readonly layers: Readonly<Record<string, number | null>>;
  readonly ms: number;
  /** Why the method could not run; the figures are then empty. */
  readonly error: string | null;
}
