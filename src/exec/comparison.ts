/** How far a candidate's values are from the reference's. */
export interface Comparison {
  /** Largest |reference − candidate|; Infinity when the candidate is not finite where the reference is. */
  readonly maxAbsError: number;
  /** `maxAbsError` ÷ the largest |reference|; 0 when both are zero, Infinity when only the reference is. */
  readonly maxRelError: number;
  /**
   * Signal to quantization noise ratio in dB, 20 · log10(‖reference‖ ÷ ‖reference − candidate‖). Infinity when the
   * two are equal, −Infinity when the candidate is not finite where the reference is, null when the reference is
   * all zero or nothing was compared: there is no signal to measure against.
   */
  readonly sqnr: number | null;
  /** Values that were compared; 0 means that nothing is known, whatever the errors say. */
  readonly compared: number;
  /** Values that are NaN or infinite in the reference; they are left out of the rest. */
  readonly excluded: number;
}

/** One scale per channel, `(value + shift) / scale` undoes it; `inner` values behind each other belong to one channel: 1 where it is the last axis. */
export interface Unscale {
  readonly scale: Float32Array;
  readonly shift: Float32Array | null;
  readonly inner: number;
}

const ONE = Float32Array.of(1);

/** Folds pairs of values into a Comparison, in float64. */
export class ComparisonSum {
  private signal = 0;
  private noise = 0;
  private largest = 0;
  private error = 0;
  private compared = 0;
  private excluded = 0;

  /**
   * Adds values that lie in the same order. The candidate is divided by `unscale`, where given, to undo an
   * equalization scale.
   */
  add(reference: ArrayLike<number>, candidate: ArrayLike<number>, unscale: Unscale | null): void {
    if (reference.length !== candidate.length)
      throw new RangeError(`cannot compare ${reference.length} values with ${candidate.length}`);
    if (unscale && reference.length % (unscale.scale.length * unscale.inner) !== 0)
      throw new RangeError(
        `cannot lay ${unscale.scale.length} scales, each along ${unscale.inner}, along ${reference.length} values`,
      );
    const { scale, shift, inner } = unscale ?? { scale: ONE, shift: null, inner: reference.length };
    let { signal, noise, largest, error: worst, compared } = this;
    let [channel, left] = [0, inner];
    for (let i = 0; i < reference.length; i++) {
      const value = reference[i] ?? 0;
      const size = Math.abs(value);
      if (size < Number.POSITIVE_INFINITY) {
        const found = ((candidate[i] ?? 0) + (shift?.[channel] ?? 0)) / (scale[channel] ?? 1);
        const difference = Math.abs(value - found);
        // NaN, too, is infinitely far from a finite value.
        const error = difference < Number.POSITIVE_INFINITY ? difference : Number.POSITIVE_INFINITY;
        compared++;
        signal += value * value;
        noise += error * error;
        if (size > largest) largest = size;
        if (error > worst) worst = error;
      }
      if (--left === 0) {
        left = inner;
        channel = channel + 1 === scale.length ? 0 : channel + 1;
      }
    }
    this.excluded += reference.length - (compared - this.compared);
    this.compared = compared;
    this.signal = signal;
    this.noise = noise;
    this.largest = largest;
    this.error = worst;
  }

  result(): Comparison {
    return {
      maxAbsError: this.error,
      maxRelError: this.error === 0 ? 0 : this.error / this.largest,
      sqnr: this.sqnr(),
      compared: this.compared,
      excluded: this.excluded,
    };
  }

  private sqnr(): number | null {
    if (this.signal === 0) return null;
    // Also where the squares of the errors underflow.
    if (this.error === 0) return Number.POSITIVE_INFINITY;
    return 10 * Math.log10(this.signal / this.noise);
  }
}
