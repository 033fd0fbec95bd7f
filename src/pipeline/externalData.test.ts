import { create } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { type ByteSource, bytesSource, joinedParts } from '../formats/byteSource';
import { decodeModel } from '../formats/onnx/file/modelProto';
import {
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from '../formats/onnx/gen/onnx_pb';
import { floats, op, type TestGraph, testBytes } from '../formats/onnx/testModel';
import { relativeError, runOnnx } from '../formats/onnx/testRuntime';
import { openModel } from '../formats/openModel';
import { writeSafetensors } from '../formats/safetensors/write';
import { isLazy } from '../graph/lazyTensor';
import { floatTensor } from '../graph/tensor';
import { DEFAULT_SETTINGS } from './settings';
import { Studio } from './studio';
import { quietJob } from './testRun';
import { BACKEND } from './testStudio';

/** A weight of 160 × 160 has 102,400 bytes: more than the size from which tensors stay in their file. */
const WIDTH = 160;
const TENSORS = [
  floats('w1', [WIDTH, WIDTH]),
  floats('b1', [WIDTH]),
  // As MatMul stores it, `[in, out]`: the model has its transpose.
  floats('w2', [WIDTH, WIDTH], 9),
  floats('table', [WIDTH, WIDTH], 11),
];
const graphOf = (initializers: readonly TensorProto[]): TestGraph => ({
  nodes: [
    op('Gemm', 'x w1 b1', 'h', { transB: { i: 1 } }),
    op('Relu', 'h', 'r'),
    op('MatMul', 'r w2', 'm'),
    op('Add', 'm table', 'y'),
  ],
  inputs: { x: [WIDTH, WIDTH] },
  outputs: ['y'],
  initializers,
});

function split() {
  let offset = 0;
  const external = TENSORS.map(({ name, dims, dataType, rawData }) => {
    const entries = { location: 'net.data', offset: String(offset), length: String(rawData.length) };
    offset += rawData.length;
    return create(TensorProtoSchema, {
      name,
      dims,
      dataType,
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: Object.entries(entries).map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value }),
      ),
    });
  });
  const data = new Uint8Array(Buffer.concat(TENSORS.map(({ rawData }) => rawData)));
  return [bytesSource(testBytes(graphOf(external)), 'net.onnx'), bytesSource(data, 'net.data')] as const;
}
const WHOLE = testBytes(graphOf(TENSORS));

beforeAll(() => openTestDevice('cpu'));

async function equalized(): Promise<Studio> {
  const studio = new Studio(BACKEND);
  await studio.openModel(split());
  const x = floats('x', [2 * WIDTH, WIDTH], 4);
  const samples = floatTensor([2 * WIDTH, WIDTH], new Float32Array(x.rawData.slice().buffer));
  await studio.openCalibration([bytesSource(writeSafetensors({ x: samples }, {}), 'x.safetensors')]);
  const { steps } = await studio.run('equalize', DEFAULT_SETTINGS, quietJob);
  expect(steps.equalize?.failed).toBe(false);
  expect(steps.equalize?.summary).toContain('folded');
  return studio;
}

it('opens without a read of the weights that stay in their files; the layers table gets their ratios afterwards', async () => {
  const [model, data] = split();
  const reads: number[] = [];
  const counted: ByteSource = {
    ...data,
    readSync: (start, end) => {
      reads.push(start);
      return data.readSync?.(start, end) ?? new Uint8Array();
    },
  };
  const studio = new Studio(BACKEND);
  const view = await studio.openModel([model, counted]);
  // `table` is no weight of a layer.
  const table = data.size - 4 * WIDTH * WIDTH;
  expect(reads.filter((start) => start < table)).toEqual([]);
  expect(view.layers.map(({ weightRatio }) => weightRatio)).toEqual([null, null]);
  studio.keepStates([view.state]);
  expect(reads.filter((start) => start < table)).toEqual([]);
  const layers = await studio.readLayers();
  expect(layers).toEqual(studio.view().layers);
  expect(layers.map(({ weightRatio }) => typeof weightRatio?.[0])).toEqual(['number', 'number']);
});

describe('a model whose tensors stay in their file', () => {
  it('is opened without reading them', async () => {
    const { model } = await openModel(split());
    const lazy = Object.entries(model.params).filter(([, tensor]) => isLazy(tensor));
    expect(lazy).toHaveLength(3);
    expect(Object.keys(model.params)).toHaveLength(4);
  });

  it('is exported as one file that computes the same; what was not scaled has the same bytes', async () => {
    const studio = await equalized();
    const { parts } = await studio.exportFile('onnx', 'equalize');
    const exported = await joinedParts(parts);
    const shapes = [[WIDTH, WIDTH]];
    const error = relativeError(await runOnnx(WHOLE, shapes), await runOnnx(exported, shapes));
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(1e-4);
    const { graph } = await decodeModel(bytesSource(exported, 'after.onnx'));
    const rawOf = (name: string) => graph.initializer.find((tensor) => tensor.name === name)?.rawData ?? [];
    const [w1, , w2, table] = TENSORS.map(({ rawData }) => rawData);
    expect(Buffer.from(rawOf('table')).equals(table ?? new Uint8Array())).toBe(true);
    expect(Buffer.from(rawOf('w1')).equals(w1 ?? new Uint8Array())).toBe(false);
    expect(Buffer.from(rawOf('w2')).equals(w2 ?? new Uint8Array())).toBe(false);
  });

  it('is exported as .safetensors, which opens again with the same tensors', async () => {
    const studio = await equalized();
    const { parts, name } = await studio.exportFile('safetensors', 'equalize');
    const { model } = await openModel([bytesSource(await joinedParts(parts), name)]);
    expect(Object.values(model.params).filter(isLazy)).toHaveLength(3);
    await studio.openModel([bytesSource(await joinedParts(parts), name)]);
    // A model that has no ONNX file is written as a fresh one.
    const fresh = await joinedParts((await studio.exportFile('onnx', 'load')).parts);
    const shapes = [[WIDTH, WIDTH]];
    const error = relativeError(await runOnnx(WHOLE, shapes), await runOnnx(fresh, shapes));
    expect(error).toBeLessThan(1e-4);
  });
});
