import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../errors';
import { TensorProto_DataLocation as DataLocation, TensorProtoSchema } from '../gen/onnx_pb';
import { ELEMENT } from './elementTypes';
import { readNumbers, readTensor } from './tensorProto';

type Init = Parameters<typeof create<typeof TensorProtoSchema>>[1];
const tensor = (init: Init) => create(TensorProtoSchema, { name: 't', dims: [2n], ...init });
const bytes = (...values: number[]) => Uint8Array.from(values);

describe('values from raw_data and from the typed fields', () => {
  it.each([
    ['FLOAT raw', { dataType: ELEMENT.FLOAT, rawData: bytes(0, 0, 128, 63, 0, 0, 32, 193) }, [1, -10]],
    ['FLOAT', { dataType: ELEMENT.FLOAT, floatData: [1, -10] }, [1, -10]],
    [
      'DOUBLE raw',
      { dataType: ELEMENT.DOUBLE, rawData: bytes(0, 0, 0, 0, 0, 0, 240, 63, 0, 0, 0, 0, 0, 0, 36, 192) },
      [1, -10],
    ],
    ['DOUBLE', { dataType: ELEMENT.DOUBLE, doubleData: [1, -10] }, [1, -10]],
    ['FLOAT16 raw', { dataType: ELEMENT.FLOAT16, rawData: bytes(0, 0x3c, 0, 0xc9) }, [1, -10]],
    ['FLOAT16', { dataType: ELEMENT.FLOAT16, int32Data: [0x3c00, 0xc900] }, [1, -10]],
    ['BFLOAT16 raw', { dataType: ELEMENT.BFLOAT16, rawData: bytes(0x80, 0x3f, 0x20, 0xc1) }, [1, -10]],
    ['BFLOAT16', { dataType: ELEMENT.BFLOAT16, int32Data: [0x3f80, 0xc120] }, [1, -10]],
    ['INT8 raw', { dataType: ELEMENT.INT8, rawData: bytes(1, 246) }, [1, -10]],
    ['UINT8', { dataType: ELEMENT.UINT8, int32Data: [1, 246] }, [1, 246]],
    ['INT16 raw', { dataType: ELEMENT.INT16, rawData: bytes(1, 0, 246, 255) }, [1, -10]],
    ['UINT16 raw', { dataType: ELEMENT.UINT16, rawData: bytes(1, 0, 246, 255) }, [1, 65526]],
    ['INT32', { dataType: ELEMENT.INT32, int32Data: [1, -10] }, [1, -10]],
    [
      'INT64 raw',
      { dataType: ELEMENT.INT64, rawData: bytes(1, 0, 0, 0, 0, 0, 0, 0, 246, ...Array(7).fill(255)) },
      [1, -10],
    ],
    ['INT64', { dataType: ELEMENT.INT64, int64Data: [1n, -10n] }, [1, -10]],
    ['UINT32', { dataType: ELEMENT.UINT32, uint64Data: [1n, 10n] }, [1, 10]],
    ['UINT64', { dataType: ELEMENT.UINT64, uint64Data: [1n, 10n] }, [1, 10]],
    ['BOOL raw', { dataType: ELEMENT.BOOL, rawData: bytes(1, 0) }, [1, 0]],
  ])('%s', (_, init, expected) => {
    expect([...readTensor(tensor(init), 'f').data]).toEqual(expected);
    expect(readNumbers(tensor(init), 'f')).toEqual(expected);
  });

  it('raw_data may start anywhere in the file', () => {
    const file = bytes(9, 9, 9, 0, 0, 128, 63, 0, 0, 32, 193);
    const read = readTensor(tensor({ dataType: ELEMENT.FLOAT, rawData: file.subarray(3) }), 'f');
    expect(read).toEqual({ dtype: 'float32', shape: [2], data: Float32Array.of(1, -10) });
  });

  it('scalars and empty tensors', () => {
    expect(readTensor(tensor({ dims: [], dataType: ELEMENT.FLOAT, floatData: [3] }), 'f').data).toEqual(
      Float32Array.of(3),
    );
    expect(readTensor(tensor({ dims: [0n, 4n], dataType: ELEMENT.FLOAT }), 'f').data).toHaveLength(0);
  });
});

describe('hostile tensors', () => {
  it.each([
    [
      'too few values',
      { dataType: ELEMENT.FLOAT, floatData: [1] },
      "tensor 't' holds 1 values; its shape [2] needs 2.",
    ],
    [
      'a broken last value',
      { dataType: ELEMENT.FLOAT, rawData: bytes(0, 0, 128, 63, 0) },
      'holds 1.25 values',
    ],
    [
      'a size beyond memory',
      { dims: [2n ** 40n], dataType: ELEMENT.FLOAT, floatData: [1] },
      'holds 1 values',
    ],
    [
      'a size beyond integers',
      { dims: [2n ** 40n, 2n ** 40n], dataType: ELEMENT.FLOAT },
      'has the impossible shape',
    ],
    [
      'a negative dimension',
      { dims: [-1n, -2n], dataType: ELEMENT.FLOAT, floatData: [1, 2] },
      'has the impossible shape [-1, -2]',
    ],
    ['strings', { dataType: 8 }, 'has element type STRING, which the studio cannot read'],
    ['a type of the future', { dataType: 99 }, 'has element type element type 99'],
    [
      'external data',
      { dataType: ELEMENT.FLOAT, dataLocation: DataLocation.EXTERNAL },
      'keeps its values in another file',
    ],
    [
      'a wide integer',
      { dataType: ELEMENT.INT64, int64Data: [1n, 2n ** 40n] },
      'holds 1099511627776, which does not fit',
    ],
  ])('%s', (_, init, message) => {
    expect(() => readTensor(tensor(init), 'net.onnx')).toThrow(FormatError);
    expect(() => readTensor(tensor(init), 'net.onnx')).toThrow(message);
  });
});
