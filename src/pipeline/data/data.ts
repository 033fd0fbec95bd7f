import type { Dataset } from '../../formats/dataset';
import { matchDataset } from '../../formats/matchDataset';
import { type NodeName, nodeName } from '../../graph/ids';
import { inferShapes } from '../../graph/inferShapes';
import type { Model } from '../../graph/model';
import { formatShape, type Shape } from '../../graph/shape';
import type { DType, Tensor } from '../../graph/tensor';
import type { DatasetView } from '../views';

interface ModelInput {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The model's placeholders with their shapes, as far as the file or the graph tells them. */
export function modelInputs(model: Model): readonly ModelInput[] {
  const shapes = inferShapes(model);
  return model.graph.nodes
    .filter((node) => node.op === 'placeholder')
    .map((node) => ({
      name: node.name,
      shape: shapes.get(node.name) ?? null,
      dtype: model.inputTypes?.[node.name] ?? 'float32',
    }));
}

/** Where the file does not state a shape, the one derived from a Linear is a guess: it takes any rank. */
const isStated = (model: Model, name: string): boolean => Boolean(model.inputShapes[nodeName(name)]);

/** A guessed `[n, 64]` also admits `[100, 16, 64]`: a Linear works on the last axis of any rank. */
function admitted(guess: Shape, array: Tensor | undefined): Shape {
  if (!guess || !array || array.shape.length <= guess.length) return guess;
  return array.shape.at(-1) === guess.at(-1) ? ['n', ...array.shape.slice(1)] : guess;
}

/**
 * Binds a dataset to the model's inputs (`matchDataset`, which says what does not fit). `fileNames` maps a
 * placeholder to the input's name in the model file, where that is not a valid node name; data may use either.
 */
export function bindData(
  data: Dataset,
  model: Model,
  fileNames: Readonly<Record<NodeName, string>>,
): Dataset {
  const inputs = modelInputs(model);
  const arrays: Record<string, Tensor> = { ...data.arrays };
  for (const { name } of inputs) {
    const inFile = fileNames[nodeName(name)];
    const array = inFile === undefined ? undefined : arrays[inFile];
    if (inFile === undefined || inFile === name || !array || arrays[name]) continue;
    arrays[name] = array;
    delete arrays[inFile];
  }
  const only = Object.values(arrays).length === 1 ? Object.values(arrays)[0] : undefined;
  const expected = inputs.map(({ name, shape, dtype }) => {
    const array = arrays[name] ?? (inputs.length === 1 ? only : undefined);
    return { name, dtype, shape: isStated(model, name) ? shape : admitted(shape, array) };
  });
  return matchDataset({ ...data, arrays }, expected);
}

/** The model with shapes of its inputs taken from data, where its file does not state them. */
export function withDataShapes(model: Model, data: Dataset): Model {
  const inputShapes: Record<NodeName, Shape> = { ...model.inputShapes };
  for (const { name } of modelInputs(model)) {
    const array = data.arrays[name];
    if (array && !isStated(model, name)) inputShapes[nodeName(name)] = ['n', ...array.shape.slice(1)];
  }
  return { ...model, inputShapes };
}

export const datasetView = (data: Dataset): DatasetView => ({
  source: data.source,
  samples: data.samples,
  labels: data.labels !== null,
  origin: data.origin?.kind ?? 'arrays',
  notes: data.notes ?? [],
  arrays: Object.entries(data.arrays).map(
    ([name, { shape, dtype }]) => `${name} ${formatShape(shape)} ${dtype}`,
  ),
});
