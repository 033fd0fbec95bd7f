import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { floatTensor } from '../../../graph/tensor';
import { bytesSource } from '../../byteSource';
import { Companions, MissingFilesError } from '../../companions';
import { FormatError } from '../../errors';
import {
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from '../gen/onnx_pb';
import { readOnnx } from '../read';
import { constantNode, op, testBytes, values } from '../testModel';

const external = (name: string, dims: readonly number[], entries: Record<string, string>): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: 1,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
  });

const WEIGHT = values(12, 3);
const BIAS = values(4, 5);
/** The weight, 4 bytes of nothing, the bias: as in a file that a page-aligning writer made. */
const DATA = new Uint8Array(68);
DATA.set(new Uint8Array(WEIGHT.buffer), 0);
DATA.set(new Uint8Array(BIAS.buffer), 52);

const W = (entries: Record<string, string>) => external('w', [4, 3], entries);
const model = (w: TensorProto, b: TensorProto) =>
  bytesSource(
    testBytes({
      nodes: [op('Gemm', 'x w b', 'y', { transB: { i: 1 } })],
      inputs: { x: ['N', 3] },
      outputs: ['y'],
      initializers: [w, b],
    }),
    'net.onnx',
  );
const place = (location: string) => ({ location, offset: '0', length: '48' });
const B = (location: string) => external('b', [4], { location, offset: '52' });
const split = (weightAt: string, biasAt = weightAt) => model(W(place(weightAt)), B(biasAt));
const file = (name: string, bytes: Uint8Array = DATA) => bytesSource(bytes, name);
const open = (source: ReturnType<typeof model>, ...files: ReturnType<typeof file>[]) =>
  readOnnx(source, new Companions(files));

// onnx.proto, TensorProto.external_data: location (relative, POSIX), offset and length (optional), checksum (optional).
describe('external data', () => {
  it.each([
    ['one file for all', split('net.onnx.data'), [file('net.onnx.data')]],
    ['a file without folder', split('weights/net.data'), [file('net.data')]],
    ['the right one of two folders', split('b/w'), [file('a/w', new Uint8Array(68)), file('m/b/w')]],
    ['./ and a file a tensor', split('./w', 'b'), [file('w', DATA.slice(0, 48)), file('b')]],
  ])('is read: %s', async (_, source, files) => {
    const { model: read } = await open(source, ...files);
    const params = Object.values(read.params);
    expect(params).toEqual([floatTensor([4, 3], WEIGHT), floatTensor([4], BIAS)]);
  });

  it('is read in a Constant node', async () => {
    const source = file(
      'c.onnx',
      testBytes({
        nodes: [constantNode('w', W(place('d'))), op('Mul', 'x w', 'y')],
        inputs: { x: [4, 3] },
        outputs: ['y'],
      }),
    );
    const { model: read } = await open(source, file('d'));
    expect(Object.values(read.params)).toEqual([floatTensor([4, 3], WEIGHT)]);
  });

  it('names every missing file once, with the size it must have', async () => {
    const error: unknown = await open(split('w.data', 'b.data'), file('other')).catch((reason) => reason);
    expect(error).toBeInstanceOf(MissingFilesError);
    expect(error).toMatchObject({
      missing: [
        { path: 'w.data', bytes: 48 },
        { path: 'b.data', bytes: null },
      ],
    });
    await expect(open(split('w.data'))).rejects.toThrow(
      "net.onnx: the model is in several files, and 'w.data' (at least 48 bytes) did not come along. Drop it too",
    );
  });

  it.each([
    [
      'a short file',
      split('d'),
      [file('d', DATA.slice(0, 47))],
      "d: tensor 'w' should stand at bytes 0 to 48, but the file has 47 bytes",
    ],
    [
      'an offset behind the end',
      model(W({ location: 'd', offset: '99' }), B('d')),
      [file('d')],
      'at bytes 99 to the end',
    ],
    [
      'another length than the shape',
      model(W({ location: 'd', length: '44' }), B('d')),
      [file('d')],
      "tensor 'w' holds 11 values; its shape [4, 3] needs 12",
    ],
    [
      'an offset in words',
      model(W({ location: 'd', offset: 'four' }), B('d')),
      [file('d')],
      "has the offset 'four'",
    ],
    [
      'no location',
      model(W({}), B('d')),
      [file('d')],
      "tensor 'w' keeps its values in another file and does not say",
    ],
    [
      'two files of one name',
      split('x/d'),
      [file('a/d'), file('b/d')],
      "2 of the files are called 'd' (a/d, b/d)",
    ],
  ])('is refused: %s', async (_, source, files, message) => {
    await expect(open(source, ...files)).rejects.toThrow(message);
    await expect(open(source, ...files)).rejects.toThrow(FormatError);
  });
});
