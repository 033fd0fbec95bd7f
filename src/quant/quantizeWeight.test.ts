import { describe, expect, it } from 'vitest';
import { floatTensor } from '../graph/tensor';
import { QCONFIG_PRESETS } from './qconfig';
import { quantizeWeight } from './quantizeWeight';

interface Sample {
  readonly shape: readonly number[];
  readonly weight: readonly number[];
  readonly scale: readonly number[];
  readonly dequantized: readonly number[];
}

/**
 * From PyTorch 1.13.1: `observer(w); q = torch.ao.nn.quantized.modules.utils._quantize_weight(w, observer)`, its
 * scales and `q.dequantize()`; `default_weight_observer` and `default_per_channel_weight_observer`.
 */
const NORMAL = [
  0.8032760620117188, 0.17483338713645935, 0.08897809684276581, -0.6137180328369141, 0.0004618245002347976,
  -0.0136825917288661, 0.0, 0.010111158713698387, -28.70358657836914, 19.548635482788086, 10.440999031066895,
  24.75833511352539,
];
/** A row of zeros, a row whose values lie on ties of its own grid, a row that clips. */
const ODD = [
  0, 0, 0, 0, 1.2699999809265137, 0.004999999888241291, 0.014999999664723873, -0.02500000037252903, -128, 127,
  0.5, 1.5,
];
const TIES = [2.5, 3.5, -0.5, 127.5, -2.5, 1.5, 0.5, -127.5];

const PER_TENSOR: Record<string, Sample> = {
  'rows of different size': {
    shape: [3, 4],
    weight: NORMAL,
    scale: [0.22512616217136383],
    dequantized: [
      0.9005046486854553, 0.22512616217136383, 0, -0.6753785014152527, 0, 0, 0, 0, -28.81614875793457,
      19.585975646972656, 10.355803489685059, 24.763877868652344,
    ],
  },
  'zeros and clipped values': {
    shape: [3, 4],
    weight: ODD,
    scale: [1.003921627998352],
    dequantized: [
      0, 0, 0, 0, 1.003921627998352, 0, 0, 0, -127.498046875, 127.498046875, 0, 1.003921627998352,
    ],
  },
  'a value that only a float32 reciprocal of the scale rounds down': {
    shape: [1, 2],
    weight: [2.37289479970932, 1.256238341331482],
    scale: [0.018610939383506775],
    dequantized: [2.363589286804199, 1.2469329833984375],
  },
  ties: { shape: [2, 4], weight: TIES, scale: [1], dequantized: [2, 4, 0, 127, -2, 2, 0, -128] },
};

const PER_CHANNEL: Record<string, Sample> = {
  'rows of different size': {
    shape: [3, 4],
    weight: NORMAL,
    scale: [0.006300204433500767, 0.00010731444490374997, 0.22512616217136383],
    dequantized: [
      0.8001259565353394, 0.17640572786331177, 0.08820286393165588, -0.61111980676651, 0.0004292577796149999,
      -0.013736248947679996, 0, 0.010087558068335056, -28.81614875793457, 19.585975646972656,
      10.355803489685059, 24.763877868652344,
    ],
  },
  'zeros and clipped values': {
    shape: [3, 4],
    weight: ODD,
    scale: [1.1920928955078125e-7, 0.009960784576833248, 1.003921627998352],
    dequantized: [
      0, 0, 0, 0, 1.2650196552276611, 0.009960784576833248, 0.019921569153666496, -0.02988235279917717,
      -127.498046875, 127.498046875, 0, 1.003921627998352,
    ],
  },
  ties: { shape: [2, 4], weight: TIES, scale: [1, 1], dequantized: [2, 4, 0, 127, -2, 2, 0, -128] },
};

describe.each([
  ['per tensor', QCONFIG_PRESETS.default.weight, PER_TENSOR],
  ['per channel', QCONFIG_PRESETS['per-channel'].weight, PER_CHANNEL],
] as const)('%s', (_, spec, samples) => {
  it.each(Object.entries(samples))('%s: PyTorch’s scales and values, bit for bit', (__, sample) => {
    const tensor = floatTensor(sample.shape, Float32Array.from(sample.weight));
    const { values, qparams } = quantizeWeight(tensor, spec);
    expect(qparams.map((q) => q.scale)).toEqual(sample.scale);
    expect(qparams.map((q) => q.zeroPoint)).toEqual(sample.scale.map(() => 0));
    expect(Array.from(values.data, (v) => v + 0)).toEqual(sample.dequantized);
    expect(values.shape).toEqual(sample.shape);
  });

  it('leaves the weight as it was', () => {
    const data = Float32Array.from(NORMAL);
    quantizeWeight(floatTensor([3, 4], data), spec);
    expect(data).toEqual(Float32Array.from(NORMAL));
  });
});
