import { Executor } from '../../exec/executor';
import { batchOf } from '../../exec/testModel';
import type { Model } from '../../graph/model';
import type { Tensor } from '../../graph/tensor';
import type { RunResult } from './testRuntime';

/** What the studio computes, in the form of `runOnnxOn`. For tests only. */
export async function runStudio(
  model: Model,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<readonly RunResult[]> {
  const executor = new Executor(model);
  const outputs = executor.run(batchOf(inputs));
  const results = await Promise.all(
    outputs.map(async (output) => ({ dims: output.shape, data: Array.from(await output.data()) })),
  );
  for (const output of outputs) output.dispose();
  executor.dispose();
  return results;
}
