import { clone } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema, TensorProtoSchema } from '../../src/formats/onnx/gen/onnx_pb';
import type { DataSet } from './caseFiles';

/**
 * ONNX's cases give everything as an input of the graph: a convolution's weight, a Reshape's shape. Models keep those
 * as constants, and so does the studio. The model with the inputs from position `first` on as initializers, with the
 * values of a data set.
 */
export function bakeInputs(model: ModelProto, { inputs }: DataSet, first: number): ModelProto {
  const baked = clone(ModelProtoSchema, model);
  const { graph } = baked;
  if (!graph) return baked;
  const names = graph.input.map(({ name }) => name);
  graph.input = graph.input.slice(0, first);
  names.slice(first).forEach((name, i) => {
    const value = inputs[first + i];
    if (value) graph.initializer.push({ ...clone(TensorProtoSchema, value), name });
  });
  return baked;
}
