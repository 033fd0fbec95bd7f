import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { type ByteSource, bytesSource, joinedParts } from '../../byteSource';
import { FormatError } from '../../errors';
import { ModelProtoSchema, TensorProtoSchema } from '../gen/onnx_pb';
import { floats, op, testBytes, testModel } from '../testModel';
import { type Deferred, loadedProto } from './deferred';
import { encodeParts } from './encodeParts';
import { restored, withoutLargeData } from './largeFile';

const WIDTH = 160;
const graph = {
  nodes: [op('Gemm', 'x w1 b1', 'h', { transB: { i: 1 } }), op('Gemm', 'h w2 b1', 'y', { transB: { i: 1 } })],
  inputs: { x: ['N', WIDTH] },
  outputs: ['y'],
  initializers: [floats('w1', [WIDTH, WIDTH]), floats('b1', [WIDTH]), floats('w2', [WIDTH, WIDTH], 9)],
};
const bytes = testBytes(graph);

async function read(source: ByteSource) {
  const small = await withoutLargeData(source);
  const deferred: Deferred = new Map();
  return {
    small,
    deferred,
    model: restored(fromBinary(ModelProtoSchema, small.bytes), small.initializers, deferred),
  };
}

describe('a file whose large tensors stay in it', () => {
  it('gives the same model, the tensors in their order', async () => {
    let most = 0;
    const source: ByteSource = {
      ...bytesSource(bytes, 'net.onnx'),
      read: async (start, end) => {
        most = Math.max(most, end - start);
        return bytes.subarray(start, end);
      },
    };
    const { small, deferred, model } = await read(source);
    expect(small.bytes.length).toBeLessThan(2000);
    expect(most).toBeLessThanOrEqual(2 ** 16);
    expect(deferred.size).toBe(2);
    const whole = testModel(graph);
    expect(model.graph?.initializer.map(({ name }) => name)).toEqual(['w1', 'b1', 'w2']);
    model.graph?.initializer.forEach((tensor, i) => {
      const loaded = toBinary(TensorProtoSchema, loadedProto(tensor, deferred));
      const before = whole.graph?.initializer[i];
      expect(before && Buffer.compare(loaded, toBinary(TensorProtoSchema, before))).toBe(0);
    });
  });

  it('is written back, byte for byte after decoding', async () => {
    const { model, deferred } = await read(bytesSource(bytes, 'net.onnx'));
    const parts = encodeParts(model, deferred);
    expect(parts.length).toBeGreaterThan(3);
    const again = fromBinary(ModelProtoSchema, await joinedParts(parts));
    expect(Buffer.compare(toBinary(ModelProtoSchema, again), bytes)).toBe(0);
  });

  it('is refused where it is cut off or no protobuf', async () => {
    for (let size = 1; size < bytes.length; size += 977) {
      const cut = bytesSource(bytes.subarray(0, size), 'cut.onnx');
      const error: unknown = await read(cut).catch((reason) => reason);
      // A cut between two fields of the model leaves a shorter model.
      if (error instanceof Error) expect(error).toBeInstanceOf(FormatError);
    }
    await expect(withoutLargeData(bytesSource(Uint8Array.of(0x0b, 1), 'group'))).rejects.toThrow('damaged');
    const endless = bytesSource(new Uint8Array(30).fill(255), 'endless');
    await expect(withoutLargeData(endless)).rejects.toThrow('no protobuf field at byte 0');
  });
});
