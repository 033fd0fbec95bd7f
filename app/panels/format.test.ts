import { describe, expect, it } from 'vitest';
import { formatCorrect, formatNumber, formatRatio, shortShape, tidy } from './format';

describe('numbers', () => {
  it('are grouped by thousands where they count', () => {
    expect(formatCorrect(0.5, 10_000)).toBe('5,000 / 10,000');
  });
  it('have four significant digits, a real minus and one kind of exponent', () => {
    expect([0.0317654, -1.2e-7, 2.6e-7, 123456, 16, -17.1].map(formatNumber)).toEqual([
      '0.03177',
      '−1.2e−7',
      '2.6e−7',
      '1.235e5',
      '16',
      '−17.1',
    ]);
    expect([formatNumber(null), formatNumber(Number.NEGATIVE_INFINITY)]).toEqual(['—', '−∞']);
    expect([48.04, 3.21, 12_000_000].map(formatRatio)).toEqual(['48', '3.2', '1.2e7']);
  });
});

describe('the engine’s sentences', () => {
  it.each([
    ['2 folded, 1 mul; float error 2.6e-7', '2 folded, 1 mul; float error 2.6e−7'],
    ['float error 6.1e+0', 'float error 6.1'],
    ['int8 SQNR 27.2 dB → -12.6 dB', 'int8 SQNR 27.2 dB → −12.6 dB'],
    ['[-1.07, 2.97]', '[−1.07, 2.97]'],
    ['linear1_input_scale_0 = 0.0317654', 'linear1_input_scale_0 = 0.03177'],
    ['97.96 % → 98.15 %', '97.96 % → 98.15 %'],
  ])('%s', (text, tidied) => expect(tidy(text)).toBe(tidied));

  it.each([
    'alexa_v0.1.onnx',
    'fc-1',
    'node_2',
    'x_equalization_scale0',
    'PyTorch 1.13.1',
    'run-2.500001.npy',
  ])('leaves the name %s alone', (name) => expect(tidy(name)).toBe(name));
});

describe('shapes', () => {
  it.each([
    ['[p2o.DynamicDimension.0, 3, 48, p2o.DynamicDimension.1]', '[p2o…n.0, 3, 48, p2o…n.1]'],
    ['[batch_size, 64]', '[batch_size, 64]'],
    ['[−1.07, 2.97]', '[−1.07, 2.97]'],
    ['embedding_of_tokens', 'embedding_of_tokens'],
  ])('%s', (shape, short) => expect(shortShape(shape)).toBe(short));
});
