import type { LayerView } from '../../src/index';

/** From this gain in dB on a layer has the first, the second, the third strength of colour. */
export const GAIN_STEPS = [0.5, 2, 6] as const;

/** The strength of a gain's colour, −3…3: the same decibels have the same colour in every model. */
export function gainLevel(gain: number): number {
  const strength = GAIN_STEPS.filter((step) => Math.abs(gain) >= step).length;
  return gain < 0 ? 0 - strength : strength;
}

/** What equalization gained each layer that was measured, in dB. */
export const gainsOf = (layers: readonly LayerView[]): ReadonlyMap<string, number> =>
  new Map(
    layers.flatMap(({ name, sqnr: { plain, equalized } }) => {
      const gain = plain === null || equalized === null ? Number.NaN : equalized - plain;
      return Number.isNaN(gain) ? [] : [[name, gain] as const];
    }),
  );
