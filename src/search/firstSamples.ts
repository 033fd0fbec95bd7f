import type { Batch } from '../exec/batches';

/** Samples that are looked at while searching. */
const MAX_SAMPLES = 256;

/** The first batches, up to a number of samples. */
export function firstSamples(batches: readonly Batch[]): readonly Batch[] {
  let samples = 0;
  return batches.filter((batch) => {
    const isWanted = samples < MAX_SAMPLES;
    samples += batch.samples;
    return isWanted;
  });
}
