import { TestModel } from '../exec/testModel';
import type { Model } from '../graph/model';
import { floatTensor } from '../graph/tensor';
import { normal, runPipeline, testBatch } from './testRun';

/* Models and what exact semantics decides for their layers. For tests only. */

const random = normal(7);
export const values = (...shape: number[]) =>
  floatTensor(shape, Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, random));

export const linear = (inFeatures: number, outFeatures: number, bias = true) => ({
  type: 'torch.nn.Linear',
  attrs: { in_features: inFeatures, out_features: outFeatures, bias },
  tensors: { weight: values(outFeatures, inFeatures), ...(bias && { bias: values(outFeatures) }) },
});

/** `nn.Conv1d` … `nn.Conv3d` with a kernel of 3 along each axis and padding that keeps the lengths. */
export function conv(dims: 1 | 2 | 3, inChannels: number, outChannels: number, attrs: ConvAttrs = {}) {
  const { groups = 1, bias = true, kernel = 3 } = attrs;
  const kernelSize = new Array<number>(dims).fill(kernel);
  return {
    type: `torch.nn.Conv${dims}d`,
    attrs: {
      in_channels: inChannels,
      out_channels: outChannels,
      kernel_size: kernelSize,
      padding: kernelSize.map((size) => (size - 1) / 2),
      groups,
      bias,
    },
    tensors: {
      weight: values(outChannels, inChannels / groups, ...kernelSize),
      ...(bias && { bias: values(outChannels) }),
    },
  };
}

interface ConvAttrs {
  readonly groups?: number;
  readonly bias?: boolean;
  readonly kernel?: number;
}

/** Builds `x → … → output`; the callback gets the builder and returns the output's node. */
export function model(build: (g: TestModel) => string | readonly string[]): Model {
  const g = new TestModel();
  g.input('x');
  const output = build(g);
  return typeof output === 'string' ? g.build(output) : g.build(...output);
}

/** Runs all steps on two batches of samples of a shape: `fold PRODUCER`, `mul` or `skip` by layer, and the float error. */
export const decisionsOf = async (m: Model, settings = {}, sample: readonly number[] = [6]) => {
  const run = await runPipeline(m, [testBatch(32, sample), testBatch(7, sample, 'x', 2)], settings);
  const decisions = Object.fromEntries(
    run.equalize.result.decisions.map((d) => [
      d.layer,
      d.decision === 'fold' ? `fold ${d.producers.join(', ')}` : d.decision,
    ]),
  );
  return { run, decisions, error: run.equalize.verification.maxRelError };
};
