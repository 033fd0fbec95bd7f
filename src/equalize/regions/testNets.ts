import { noise, TestModel } from '../../exec/testModel';
import { nodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { type FloatTensor, floatTensor } from '../../graph/tensor';
import { layerNodes } from '../../quant/weightUse';
import { type ChannelRegion, channelRegions } from './channelRegions';

/* Small networks with real shapes, and a short text of their regions. For tests only. */

let count = 0;
/** Far apart: the noise of neighbouring seeds is nearly the same, and a bias that is its layer's weight cancels it. */
const nextSeed = (): number => Math.imul(++count, 0x9e3779b1);

export const tensorOf = (...shape: readonly number[]): FloatTensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return floatTensor(
    shape,
    noise(size, nextSeed()).map((v) => v + Math.sign(v) * 0.2),
  );
};

/** Writes layers by their widths; tensors are noise. */
export class Net extends TestModel {
  readonly F = 'torch.nn.functional';

  fc(name: string, input: string, inputs: number, outputs: number, bias = true): string {
    const tensors = { weight: tensorOf(outputs, inputs), ...(bias && { bias: tensorOf(outputs) }) };
    const attrs = { in_features: inputs, out_features: outputs, bias };
    return this.module(name, input, { type: 'torch.nn.Linear', attrs, tensors });
  }

  /** A kernel of 1 in every dimension but the first, which has 2 with padding behind none: small and not trivial. */
  conv(name: string, input: string, inputs: number, outputs: number, dims = 2, groups = 1): string {
    const kernel = [2, ...Array.from({ length: dims - 1 }, () => 1)];
    const attrs = { in_channels: inputs, out_channels: outputs, kernel_size: kernel, groups, bias: true };
    const tensors = { weight: tensorOf(outputs, inputs / groups, ...kernel), bias: tensorOf(outputs) };
    return this.module(name, input, { type: `torch.nn.Conv${dims}d`, attrs, tensors });
  }

  layerNorm(name: string, input: string, width: number): string {
    // A narrow row of near-equal values over a small eps magnifies float32's rounding hundreds of times.
    const attrs = { normalized_shape: [width], eps: 1e-2, elementwise_affine: true };
    const tensors = { weight: tensorOf(width), bias: tensorOf(width) };
    return this.module(name, input, { type: 'torch.nn.LayerNorm', attrs, tensors });
  }

  param(name: string, ...shape: readonly number[]): string {
    return this.constant(name, tensorOf(...shape));
  }
}

/** A network over `x` of the given shape (the batch's axis included, as `n`). */
export function netOf(
  shape: readonly (number | string)[],
  build: (g: Net) => string | readonly string[],
): Model {
  const g = new Net();
  g.input('x');
  const result = build(g);
  const model = typeof result === 'string' ? g.build(result) : g.build(...result);
  return { ...model, inputShapes: { [nodeName('x')]: shape } };
}

export const regionsIn = (model: Model, without: readonly string[] = []): readonly ChannelRegion[] =>
  channelRegions(
    model,
    layerNodes(model).filter(({ node }) => !without.includes(node.name)),
  );

/** `b: a.weight a.bias, 3 free` or `b: 2 of 5 pinned (input x)`; a star marks a tensor of which a part is scaled. */
export function regionText({ layers, params, pins }: ChannelRegion): string {
  const names = layers.map(({ layer }) => layer.node.name).join(' ');
  const taken = params.map(({ param, classes }) => `${param}${classes.some((c) => c < 0) ? '*' : ''}`);
  const reasons = new Set(
    pins.flatMap((pin) => {
      if (!pin) return [];
      const { kind, source, ...rest } = pin;
      return [[kind, source, ...Object.values(rest)].join(' ')];
    }),
  );
  const pinned = pins.filter((pin) => pin !== null).length;
  const state =
    pinned === 0 ? `${pins.length} free` : `${pinned} of ${pins.length} pinned (${[...reasons].join('; ')})`;
  return `${names}: ${[...taken, state].join(', ')}`;
}
