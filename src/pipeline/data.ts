import { type Batch, splitBatches } from '../exec/batches';
import type { Dataset } from '../formats/dataset';
import { type NodeName, nodeName } from '../graph/ids';
import { inferShapes } from '../graph/inferShapes';
import type { Model } from '../graph/model';
import { formatShape, type Shape } from '../graph/shape';
import type { DatasetView } from './views';

/** Elements of a batch's inputs that keep a run's memory small and its progress visible. */
const BATCH_ELEMENTS = 2 ** 20;
const MAX_BATCH = 256;

export interface ModelInput {
  readonly name: string;
  readonly shape: Shape;
}

/** The model's placeholders with their shapes, as far as the file or the graph tells them. */
export function modelInputs(model: Model): readonly ModelInput[] {
  const shapes = inferShapes(model);
  return model.graph.nodes
    .filter((node) => node.op === 'placeholder')
    .map((node) => ({ name: node.name, shape: shapes.get(node.name) ?? null }));
}

/** The model with shapes of its inputs taken from data, where its file does not state them. */
export function withDataShapes(model: Model, data: Dataset): Model {
  const inputShapes: Record<NodeName, Shape> = { ...model.inputShapes };
  for (const { name, shape } of modelInputs(model)) {
    const array = data.arrays[name];
    if (array && shape === null) inputShapes[nodeName(name)] = ['n', ...array.shape.slice(1)];
  }
  return { ...model, inputShapes };
}

/** A fixed first dimension is the batch size; otherwise batches are as large as memory and progress allow. */
export function batchesOf(model: Model, data: Dataset): readonly Batch[] {
  const fixed = modelInputs(model)
    .map(({ shape }) => shape?.[0])
    .find((dim) => typeof dim === 'number');
  const elements =
    Object.values(data.arrays).reduce((sum, array) => sum + array.data.length, 0) / data.samples;
  const fitting = Math.floor(BATCH_ELEMENTS / Math.max(1, elements));
  const size = typeof fixed === 'number' ? fixed : Math.min(MAX_BATCH, Math.max(1, fitting));
  return splitBatches(data.arrays, data.labels, data.samples, size);
}

export const datasetView = (data: Dataset): DatasetView => ({
  source: data.source,
  samples: data.samples,
  labels: data.labels !== null,
  arrays: Object.entries(data.arrays).map(
    ([name, { shape, dtype }]) => `${name} ${formatShape(shape)} ${dtype}`,
  ),
});
