import type { LayerView, StudioView } from '../../src/index';

/** From this gain in dB on a layer has the first, the second, the third strength of colour. */
export const GAIN_STEPS = [0.5, 2, 6] as const;

/** The strength of a gain's colour, −3…3: the same decibels have the same colour in every model. */
export function gainLevel(gain: number): number {
  const strength = GAIN_STEPS.filter((step) => Math.abs(gain) >= step).length;
  return gain < 0 ? 0 - strength : strength;
}

/** What equalization gained each layer that was measured, in dB, as the tables print it. */
export const gainsOf = (layers: readonly LayerView[]): ReadonlyMap<string, number> =>
  new Map(
    layers.flatMap(({ name, sqnr: { plain, equalized } }) =>
      plain === null || equalized === null || Number.isNaN(equalized - plain)
        ? []
        : [[name, printedGain(plain, equalized)] as const],
    ),
  );

/** A figure as it is printed, with one decimal; the sum makes 0 of −0. */
const printed = (decibels: number): number => Number(decibels.toFixed(1)) + 0;

/**
 * The difference of two figures as they are printed: beside `27.5 → 27.6` no one expects 0.0, though 27.54 and 27.56 are
 * printed so. Infinite figures that are equal differ by nothing.
 */
export const printedGain = (plain: number, equalized: number): number =>
  plain === equalized ? 0 : printed(printed(equalized) - printed(plain));

/** Why there is nothing to paint by gain; null where there is. Convert measures it: Equalize has results, but no figure. */
export function nothingToPaint({ steps, layers }: Pick<StudioView, 'steps' | 'layers'>): string | null {
  if (steps.convert === undefined) return 'Run Convert first';
  return gainsOf(layers).size === 0 ? 'No layer has an SQNR on this data' : null;
}
