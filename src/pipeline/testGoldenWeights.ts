import { expect } from 'vitest';
import { moduleName, paramName, paramOf } from '../graph/ids';
import type { Model } from '../graph/model';
import { asFloat, type Tensor } from '../graph/tensor';
import type { GoldenConverted, GoldenReference } from './testGolden';
import { expectClose } from './testNumbers';

/* Weights side by side with PyTorch's. For tests only. */

/** Weights and biases of the equalized float model, within 1e-6 of their largest. */
export function expectParams(model: Model, expected: Readonly<Record<string, Tensor>>): void {
  for (const [name, { data }] of Object.entries(expected))
    expectClose(asFloat(model.params[paramName(name)], name).data, data, 1e-6, name);
}

/**
 * The int8 weights of quantized modules: equal, but where a value lies on a rounding tie, which a scale one float32
 * step apart moves (a row's largest value does). Gives how many do: each moves the outputs that it reaches.
 */
export function expectWeights(float: Model, model: Model, expected: GoldenReference['weights']): number {
  let ties = 0;
  for (const [name, golden] of Object.entries(expected)) {
    const module = moduleName(name);
    const scales = asFloat(model.params[paramOf(module, 'weight_scale')], `${name}.weight_scale`).data;
    expectClose(scales, golden.scale, 1e-6, `${name}.weight_scale`);
    const values = asFloat(model.params[paramOf(module, 'weight')], `${name}.weight`).data;
    const weight = asFloat(float.params[paramOf(module, 'weight')], name).data;
    const row = values.length / scales.length;
    values.forEach((value, i) => {
      const scale = scales[Math.floor(i / row)] ?? 1;
      const int = Math.round(value / scale);
      if (int === golden.int[i]) return;
      expect(Math.abs(int - (golden.int[i] ?? 0)), `${name}.weight [${i}]`).toBe(1);
      const exact = (weight[i] ?? 0) / scale;
      expect(Math.abs(Math.abs(exact - Math.trunc(exact)) - 0.5), 'distance from a tie').toBeLessThan(1e-4);
      ties++;
    });
  }
  return ties;
}

/** Scale and zero point of the modules that quantize their own output. */
export function expectOutputs(model: Model, expected: GoldenConverted['outputs']): void {
  for (const [name, { scale, zeroPoint }] of Object.entries(expected)) {
    const attrs = model.modules[moduleName(name)]?.attrs;
    expectClose([Number(attrs?.scale)], [scale], 1e-5, `${name}.scale`);
    expect(attrs?.zero_point, `${name}.zero_point`).toBe(zeroPoint);
  }
}
