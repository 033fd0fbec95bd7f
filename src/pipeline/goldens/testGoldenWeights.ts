import { expect } from 'vitest';
import { type ModuleName, moduleName, type ParamName, paramName, paramOf } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { asFloat, floatTensor, type Tensor } from '../../graph/tensor';
import { expectClose } from '../testNumbers';
import type { GoldenConverted, GoldenReference } from './testGolden';

/* Weights side by side with PyTorch's. For tests only. */

/**
 * Weights and biases of the equalized float model, within 2e-6 of their largest: they carry scales of ranges of computed values,
 * which PyTorch adds up in another order.
 */
export function expectParams(model: Model, expected: Readonly<Record<string, Tensor>>): void {
  for (const [name, { data }] of Object.entries(expected))
    expectClose(asFloat(model.params[paramName(name)], name).data, data, 2e-6, name);
}

/**
 * The int8 weights of reference modules: equal, but where a value lies on a rounding tie, which a scale one float32
 * step apart moves (a row's largest value does).
 */
export function expectWeights(reference: Model, expected: GoldenReference['weights']): void {
  for (const [name, golden] of Object.entries(expected)) {
    const { weight, scales, zeroPoints } = weightOf(reference, moduleName(name));
    expectClose(scales, golden.scale, 1e-6, `${name}.weight_scale`);
    expect([...zeroPoints], `${name}.weight_zero_point`).toEqual(golden.zeroPoint);
    const row = weight.length / scales.length;
    weight.forEach((value, i) => {
      const exact = value / (scales[Math.floor(i / row)] ?? 1);
      const distance = Math.abs(
        exact + (zeroPoints[Math.floor(i / row)] ?? 0) - (golden.int[i] ?? Number.NaN),
      );
      expect(distance, `${name}.weight [${i}] = ${exact} steps`).toBeLessThan(0.5 + 1e-4);
    });
  }
}

function weightOf(reference: Model, module: ModuleName) {
  const float = (tensor: string) =>
    asFloat(reference.params[paramOf(module, tensor)], `${module}.${tensor}`).data;
  const zeroPoints = reference.params[paramOf(module, 'weight_zero_point')]?.data ?? [];
  return { weight: float('weight'), scales: float('weight_scale'), zeroPoints };
}

/**
 * Our reference form with PyTorch's scales, zero points and weights, which are equal to ours but for the last bits and
 * ties: what it computes shows whether they alone move our outputs. `params`: the tensors that functions read.
 */
export function withPyTorchsNumbers(
  reference: Model,
  float: Model,
  { nodes, weights }: GoldenReference,
  params: Readonly<Record<string, Tensor>>,
): Model {
  const changed: Record<ParamName, Tensor> = { ...reference.params };
  reference.graph.nodes.forEach((node, i) => {
    const own = node.op === 'get_attr' ? reference.params[node.target] : undefined;
    if (node.op !== 'get_attr' || !own) return;
    const theirs = Object.hasOwn(float.params, node.target) ? params[node.target] : nodes[i]?.constant;
    if (theirs) changed[node.target] = { ...own, data: own.data.map((_, k) => theirs.data[k] ?? Number.NaN) };
  });
  for (const [name, { int, scale, zeroPoint }] of Object.entries(weights)) {
    const module = moduleName(name);
    const { weight, scales } = weightOf(reference, module);
    const row = weight.length / scales.length;
    const values = weight.map((_, i) => {
      const channel = Math.floor(i / row);
      return ((int[i] ?? Number.NaN) - (zeroPoint[channel] ?? 0)) * (scale[channel] ?? 1);
    });
    const put = (tensor: string, data: Float32Array) => {
      const shape = reference.params[paramOf(module, tensor)]?.shape ?? [];
      changed[paramOf(module, tensor)] = floatTensor(shape, data);
    };
    put('weight', values);
    put('weight_scale', Float32Array.from(scale));
  }
  return { ...reference, params: changed };
}

/** Scale and zero point of the modules that quantize their own output. */
export function expectOutputs(model: Model, expected: GoldenConverted['outputs']): void {
  for (const [name, { scale, zeroPoint }] of Object.entries(expected)) {
    const attrs = model.modules[moduleName(name)]?.attrs;
    expectClose([Number(attrs?.scale)], [scale], 1e-5, `${name}.scale`);
    expect(attrs?.zero_point, `${name}.zero_point`).toBe(zeroPoint);
  }
}
