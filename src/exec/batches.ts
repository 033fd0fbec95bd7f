import { GraphError } from '../graph/errors';
import { type NodeName, nodeName } from '../graph/ids';
import { sizeOf, type Tensor } from '../graph/tensor';

/** Input values of one run of the model, by placeholder; axis 0 counts samples. */
export interface Batch {
  readonly inputs: Readonly<Record<NodeName, Tensor>>;
  readonly samples: number;
  /** Class indices of these samples, where the data is labelled. */
  readonly labels: Int32Array | null;
}

/**
 * Cuts data into batches of at most `batchSize` samples; the batches are views, nothing is copied. `arrays` are
 * keyed by placeholder, and axis 0 of each counts `samples`.
 * Throws a GraphError when an array or the labels have another number of samples, or batchSize is below 1.
 */
export function splitBatches(
  arrays: Readonly<Record<string, Tensor>>,
  labels: Int32Array | null,
  samples: number,
  batchSize: number,
): readonly Batch[] {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new GraphError(`A batch must have at least one sample, not ${batchSize}.`);
  for (const [name, { shape }] of Object.entries(arrays))
    if (shape[0] !== samples)
      throw new GraphError(
        `Input '${name}' has shape [${shape.join(', ')}]; axis 0 must count the ${samples} samples.`,
      );
  if (labels && labels.length !== samples)
    throw new GraphError(`There are ${labels.length} labels for ${samples} samples.`);
  return Array.from({ length: Math.ceil(samples / batchSize) }, (_, i) => {
    const start = i * batchSize;
    const end = Math.min(samples, start + batchSize);
    const inputs: Record<NodeName, Tensor> = {};
    for (const [name, tensor] of Object.entries(arrays))
      inputs[nodeName(name)] = sliceSamples(tensor, start, end);
    return { inputs, samples: end - start, labels: labels?.subarray(start, end) ?? null };
  });
}

/** Samples `[start, end)` of a tensor, as a view. */
function sliceSamples(tensor: Tensor, start: number, end: number): Tensor {
  const sample = tensor.shape.slice(1);
  const size = sizeOf(sample);
  return {
    dtype: tensor.dtype,
    shape: [end - start, ...sample],
    data: tensor.data.subarray(start * size, end * size),
  };
}
