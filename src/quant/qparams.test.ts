import { describe, expect, it } from 'vitest';
import { QCONFIG_PRESETS } from './qconfig';
import { calculateQParams, roundHalfToEven } from './qparams';
import { fullRange, type QuantizationSpec } from './spec';

const activation = QCONFIG_PRESETS.default.activation.spec;
const weight = QCONFIG_PRESETS.default.weight.spec;
const EPS = 1.1920928955078125e-7;
const { POSITIVE_INFINITY: INF } = Number;

/**
 * Scale and zero point of ranges, from PyTorch 1.13.1:
 * `MinMaxObserver(quant_min=0, quant_max=127)._calculate_qparams(torch.tensor(min), torch.tensor(max))`.
 * Columns: min, max, scale, zero point.
 */
const ACTIVATION: readonly (readonly [number, number, number, number])[] = [
  [-1, 1, 0.015748031437397003, 64],
  [0, 0, EPS, 0],
  [1e-9, 2e-9, EPS, 0],
  [-1e-6, 1e-6, EPS, 8],
  [-1e-30, 1e-30, EPS, 0],
  [-3, -1, 0.023622047156095505, 127],
  [-5, -5, 0.03937007859349251, 127],
  [2, 5, 0.03937007859349251, 0],
  [5, 5, 0.03937007859349251, 0],
  [-127, 0, 1, 127],
  [0, 127, 1, 0],
  [-0.1, 0.2, 0.0023622047156095505, 42],
  [-7.25, 3.1, 0.08149606734514236, 89],
  [-2, 3, 0.03937007859349251, 51],
  [-0.3, 12.4, 0.10000000149011612, 3],
  [-1e30, 2e30, 2.3622049254233915e28, 42],
  // min / scale lies on a tie: −1 → 1, −1.5 → −2, −63.5 → −64
  [-0.5, 63, 0.5, 1],
  [-1.5, 125.5, 1, 2],
  [-63.5, 63.5, 1, 64],
  // a width beyond float32
  [-3.4e38, 3.4e38, INF, 0],
  // nothing seen
  [INF, -INF, 1, 0],
];

/** The same for `quant_max=255`. */
const EIGHT_BIT: typeof ACTIVATION = [
  [-1, 1, 0.007843137718737125, 127],
  [-3, -1, 0.0117647061124444, 255],
  [-0.5, 63, 0.24901960790157318, 2],
  [-7.25, 3.1, 0.04058823734521866, 179],
  [-63.5, 63.5, 0.49803921580314636, 128],
];

/** The same for `default_weight_observer`: qint8, symmetric, −128…127. */
const WEIGHT: typeof ACTIVATION = [
  [-1, 1, 0.007843137718737125, 0],
  [0, 0, EPS, 0],
  [-1e-6, 1e-6, EPS, 0],
  [-3, -1, 0.0235294122248888, 0],
  [2, 5, 0.03921568766236305, 0],
  [-127, 0, 0.9960784316062927, 0],
  [-7.25, 3.1, 0.05686274543404579, 0],
  [-2, 3, 0.0235294122248888, 0],
  [-0.3, 12.4, 0.09725490212440491, 0],
  [-1e30, 2e30, 1.5686275301415135e28, 0],
  [-3.4e38, 3.4e38, 2.66666656450751e36, 0],
  [INF, -INF, 1, 0],
];

/** The same for quint8, symmetric, 0…127: the zero point is the middle of the range. */
const SYMMETRIC: typeof ACTIVATION = [
  [-1, 1, 0.015748031437397003, 63],
  [0, 0, EPS, 63],
  [2, 5, 0.07874015718698502, 63],
  [-63.5, 63.5, 1, 63],
];

const SPECS: readonly (readonly [string, QuantizationSpec, typeof ACTIVATION])[] = [
  ['activations, 0…127', activation, ACTIVATION],
  ['activations, 0…255', { ...activation, quantMax: 255 }, EIGHT_BIT],
  ['weights', weight, WEIGHT],
  ['symmetric activations', { ...activation, qscheme: 'torch.per_tensor_symmetric' }, SYMMETRIC],
];

describe.each(SPECS)('%s', (_, spec, rows) => {
  it.each(rows)('the range %d … %d is PyTorch’s', (min, max, scale, zeroPoint) => {
    const actual = calculateQParams(Math.fround(min), Math.fround(max), spec);
    expect(actual.scale).toBe(scale);
    expect(actual.zeroPoint + 0).toBe(zeroPoint);
  });
});

/** `torch.quint8, torch.per_tensor_symmetric` without bounds of its own: 128, the middle of 0…255. */
it('symmetric quint8 over its whole range has zero point 128', () => {
  const spec = fullRange('torch.quint8', 'torch.per_tensor_symmetric');
  expect(calculateQParams(-1, 1, spec)).toEqual({ scale: Math.fround(1 / 127.5), zeroPoint: 128 });
});

/** `torch.round`. */
it.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [-0.5, 0],
  [-1.5, -2],
  [-2.5, -2],
  [0.49999997, 0],
  [-0.50000006, -1],
  [2.4, 2],
  [-2.6, -3],
  [8388607.5, 8388608],
  [16777217, 16777217],
  [INF, INF],
])('%d rounds to %d', (value, expected) => {
  expect(roundHalfToEven(value) + 0).toBe(expected);
});

it('NaN stays NaN', () => {
  expect(roundHalfToEven(Number.NaN)).toBeNaN();
});
