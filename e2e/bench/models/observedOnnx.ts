import { create } from '@bufbuild/protobuf';
import { bytesSource } from '../../../src/formats/byteSource';
import { decodeModel, encodeModel } from '../../../src/formats/onnx/file/modelProto';
import { ValueInfoProtoSchema } from '../../../src/formats/onnx/gen/onnx_pb';
import { readOnnx } from '../../../src/formats/onnx/read';
import { GraphIndex } from '../../../src/graph/graph';
import type { NodeName } from '../../../src/graph/ids';
import { firstInput } from '../../../src/graph/node';
import { DEFAULT_SETTINGS } from '../../../src/pipeline/settings';
import { loadStep, prepareStep } from '../../../src/pipeline/steps';
import { observerNodes } from '../../../src/quant/withStats';

/** An ONNX model with every tensor that the studio observes as an output, and the names of these. */
export interface ObservedOnnx {
  readonly bytes: Uint8Array;
  readonly values: readonly string[];
}

/** What the studio's observers of a model see, as names in its ONNX file. */
async function observedValues(file: Uint8Array): Promise<readonly string[]> {
  const { model, onnx } = await readOnnx(bytesSource(file, 'model.onnx'));
  if (!onnx) throw new Error('internal: an ONNX file was opened without its origin.');
  const load = { ...loadStep(model, []), ms: 0 };
  const prepared = prepareStep(load, DEFAULT_SETTINGS).model;
  const index = new GraphIndex(prepared.graph);
  const observers = new Set(observerNodes(prepared).map(({ node }) => node));
  const behind = (name: NodeName): NodeName | null => {
    const input = firstInput(index.get(name));
    return input !== null && observers.has(input) ? behind(input) : input;
  };
  const names = [...observers].flatMap((name) => {
    const value = behind(name);
    const origin = value === null ? undefined : onnx.values[value];
    return origin && !origin.transposed ? [origin.value] : [];
  });
  return [...new Set(names)];
}

export async function observedOnnx(file: Uint8Array): Promise<ObservedOnnx> {
  const values = await observedValues(file);
  const { model } = await decodeModel(bytesSource(file, 'model.onnx'));
  const { graph } = model;
  if (!graph) throw new Error('internal: the model has no graph.');
  const known = new Set(graph.output.map(({ name }) => name));
  for (const name of values) if (!known.has(name)) graph.output.push(create(ValueInfoProtoSchema, { name }));
  return { bytes: encodeModel(model), values };
}
