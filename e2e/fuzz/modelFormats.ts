import { create } from '@bufbuild/protobuf';
import * as tf from '@tensorflow/tfjs-core';
import { openTestDevice } from '../../src/exec/testDevice';
import {
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from '../../src/formats/onnx/gen/onnx_pb';
import { op, testBytes, values } from '../../src/formats/onnx/testModel';
import { writeSafetensors } from '../../src/formats/safetensors/write';
import { layers, saved, scatterWeights } from '../../src/formats/tfjs/testKeras';
import { PlainWeightsError } from '../../src/formats/weightsFile';
import { floatTensor } from '../../src/graph/tensor';
import { LayersWantedError } from '../../src/pipeline/layersAssistant';
import { Studio } from '../../src/pipeline/studio';
import { BACKEND } from '../../src/pipeline/testStudio';
import type { FuzzFile, FuzzFormat, Seed } from './fuzzFormat';
import { madeOnnx } from './madeOnnx';
import { madeLegacyTorch, madeTorch } from './madePickles';
import { files, sources } from './seedFiles';

const ORACLE = 'e2e/oracle';
const oracle = (folder: string, ...names: readonly string[]) =>
  files(...names.map((name) => `${ORACLE}/${folder}/${name}`));

const openModel = (all: readonly FuzzFile[]) => new Studio(BACKEND).openModel(sources(all));

/** Weights alone: the layers that the assistant proposes are taken as they are; where it finds none, all tensors are read. */
export async function openWeights(all: readonly FuzzFile[]): Promise<unknown> {
  const studio = new Studio(BACKEND);
  try {
    return await studio.openModel(sources(all));
  } catch (error) {
    if (error instanceof LayersWantedError) return studio.openLayers(error.proposal.plan);
    if (error instanceof PlainWeightsError) return error.weights.load();
    throw error;
  }
}

const external = (name: string, dims: readonly number[], offset: number): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: 1,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries({
      location: 'net.data',
      offset: String(offset),
      length: String(dims.reduce((a, b) => a * b) * 4),
    }).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
  });

/** A Gemm whose tensors stand in a file beside the model's; either file may be the damaged one. */
async function externalSeeds(): Promise<readonly Seed[]> {
  const bytes = testBytes({
    nodes: [op('Gemm', 'x w b', 'y', { transB: { i: 1 } })],
    inputs: { x: ['N', 3] },
    outputs: ['y'],
    initializers: [external('w', [4, 3], 0), external('b', [4], 48)],
  });
  const model: FuzzFile = { name: 'net.onnx', bytes };
  const data: FuzzFile = { name: 'net.data', bytes: new Uint8Array(values(16).buffer) };
  return [
    [model, data],
    [data, model],
  ];
}

/** The files of a small convolutional network, as tfjs-layers saves them. */
async function tfjsSeeds(): Promise<readonly Seed[]> {
  await openTestDevice('cpu');
  tf.engine().startScope();
  const model = layers.sequential({
    layers: [
      layers.layers.conv2d({
        filters: 2,
        kernelSize: 2,
        inputShape: [5, 5, 1],
        activation: 'relu',
        name: 'conv',
      }),
      layers.layers.maxPooling2d({ poolSize: 2, name: 'pool' }),
      layers.layers.flatten({ name: 'flat' }),
      layers.layers.dense({ units: 3, name: 'fc' }),
    ],
  });
  scatterWeights(model);
  const { json, weights, shard } = await saved(model);
  tf.engine().endScope();
  const text: FuzzFile = { name: 'model.json', bytes: await json.read(0, json.size) };
  const bytes: FuzzFile = { name: shard.name, bytes: weights };
  return [
    [text, bytes],
    [bytes, text],
  ];
}

/** A state dict as `safetensors.torch.save_file` writes it. */
async function stateDictSeeds(): Promise<readonly Seed[]> {
  const random = (shape: readonly number[]) => floatTensor(shape, values(shape.reduce((a, b) => a * b)));
  const bytes = writeSafetensors(
    {
      'features.0.weight': random([4, 3, 3, 3]),
      'features.0.bias': random([4]),
      'classifier.1.weight': random([5, 16]),
      'classifier.1.bias': random([5]),
    },
    { format: 'pt' },
  );
  return [[{ name: 'weights.safetensors', bytes }]];
}

export const MODEL_FORMATS: readonly FuzzFormat[] = [
  {
    name: 'ONNX (.onnx)',
    container: 'protobuf',
    seeds: oracle('transformer', 'gated-13.onnx', 'packed-16.onnx'),
    made: madeOnnx,
    open: openModel,
  },
  { name: 'ONNX with external data', container: 'protobuf', seeds: externalSeeds, open: openModel },
  {
    name: 'FX model (.safetensors)',
    container: 'safetensors',
    seeds: files('public/samples/linear2/model.safetensors', `${ORACLE}/transformer/gated.safetensors`),
    open: openModel,
  },
  {
    name: 'torch.export (.pt2)',
    container: 'zip',
    seeds: oracle('exported', 'images-flat.pt2', 'images-packaged.pt2', 'images-raw.pt2'),
    open: openModel,
  },
  {
    name: 'torch.save (.pt)',
    container: 'zip',
    seeds: oracle('torchfiles', 'state_dict.pt', 'views.pt', 'checkpoint.pt', 'protocol-5.pt'),
    made: madeTorch,
    open: openWeights,
  },
  {
    name: 'torch.save before 1.6 (.pt)',
    seeds: oracle('torchfiles', 'checkpoint-legacy.pt', 'views-legacy.pt'),
    made: madeLegacyTorch,
    open: openWeights,
  },
  {
    name: 'State dict (.safetensors)',
    container: 'safetensors',
    seeds: stateDictSeeds,
    open: openWeights,
  },
  { name: 'TensorFlow.js (model.json)', seeds: tfjsSeeds, open: openModel },
];
