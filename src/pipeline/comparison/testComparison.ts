import type { Batch } from '../../exec/batches';
import { TestModel } from '../../exec/testModel';
import type { Model } from '../../graph/model';
import { floatTensor } from '../../graph/tensor';
import type { SemanticsComparison } from '../comparisonView';
import { DEFAULT_SETTINGS, type Settings } from '../settings';
import { normal, quietJob, runPipeline } from '../testRun';
import { compareSemantics } from './semanticsComparison';
import { ownRun } from './semanticsFigures';

/* Models made by hand, in both semantics. For tests only. */

const random = normal(7);
export const values = (...shape: readonly number[]) =>
  floatTensor(shape, Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, random));

/** A Linear with normal weights. */
export const linear = (inFeatures: number, outFeatures: number) => ({
  type: 'torch.nn.Linear',
  attrs: { in_features: inFeatures, out_features: outFeatures, bias: true },
  tensors: { weight: values(outFeatures, inFeatures), bias: values(outFeatures) },
});

/** `x → … → output`; the callback returns the output's node, or several. */
export function modelOf(build: (g: TestModel) => string | readonly string[]): Model {
  const g = new TestModel();
  g.input('x');
  const output = build(g);
  return typeof output === 'string' ? g.build(output) : g.build(...output);
}

/** The comparison as it follows a run of the settings' semantics. */
export async function comparisonOf(
  model: Model,
  batches: readonly Batch[],
  chosen: Partial<Settings> = {},
): Promise<SemanticsComparison> {
  const settings: Settings = { ...DEFAULT_SETTINGS, ...chosen };
  const { load, ...steps } = await runPipeline(model, batches, settings);
  const own = ownRun(settings.semantics, steps);
  const outcome = await compareSemantics(load, own, settings, batches, quietJob);
  if (outcome.kind === 'stopped') throw new Error(outcome.reason);
  return outcome.comparison;
}
