import type { OutputGrid } from './op';

/** The integers of quint8. */
const [LOW, HIGH] = [0, 255];

/**
 * The grid of a quantized value times a number (aten/src/ATen/native/quantized/cpu/qmul.cpp, `_mul_scalar_out`): the
 * integers stay, or run the other way round for a number below 0, so that nothing is rounded and nothing clipped.
 */
export function productGrid({ scale, zeroPoint }: OutputGrid, factor: number): OutputGrid {
  if (factor === 0) return { scale: 1, zeroPoint: 0 };
  return { scale: scale * Math.abs(factor), zeroPoint: factor > 0 ? zeroPoint : HIGH + LOW - zeroPoint };
}

/**
 * The grid of a quantized value plus a number (qadd.cpp, `_add_scalar_out`): the zero point moves by the number's steps.
 * Where it would leave the 8 bits it stops at their bound, and the steps become wider.
 */
export function sumGrid({ scale, zeroPoint }: OutputGrid, summand: number): OutputGrid {
  const moved = zeroPoint - Math.round(summand / scale);
  if (moved < LOW) return { scale: ((HIGH - moved) / (HIGH - LOW)) * scale, zeroPoint: LOW };
  if (moved > HIGH) return { scale: ((moved - LOW) / (HIGH - LOW)) * scale, zeroPoint: HIGH };
  return { scale, zeroPoint: moved };
}
