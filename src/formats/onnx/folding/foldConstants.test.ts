import { create } from '@bufbuild/protobuf';
import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../../../exec/testDevice';
import { floatTensor } from '../../../graph/tensor';
import { bytesSource } from '../../byteSource';
import { ELEMENT } from '../file/elementTypes';
import { type TensorProto, TensorProtoSchema } from '../gen/onnx_pb';
import { readOnnx } from '../read';
import { op, testBytes } from '../testModel';
import { runOnnxOn } from '../testRuntime';
import { runStudio } from '../testStudioRun';

/* What is computed of constants while reading, against ONNX Runtime. */

beforeAll(() => openTestDevice('cpu'));

const { UINT8, INT8, UINT16, INT16, INT32, INT64 } = ELEMENT;

const whole = (name: string, dataType: number, values: readonly number[]): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dims: [BigInt(values.length)],
    dataType,
    ...(dataType === INT64 ? { int64Data: values.map(BigInt) } : { int32Data: [...values] }),
  });

const CASES: readonly (readonly [string, string, number, readonly number[], readonly number[]])[] = [
  ['Add', 'UINT8', UINT8, [200, 255, 3], [100, 1, 4]],
  ['Sub', 'UINT8', UINT8, [0, 255, 3], [1, 1, 4]],
  ['Mul', 'INT8', INT8, [100, -100, 7], [2, 2, 3]],
  ['Div', 'INT8', INT8, [-7, 7, -100], [2, -2, 7]],
  ['Add', 'INT32', INT32, [2147483647, -2147483648, 1], [1, -1, 40]],
  ['Div', 'INT64', INT64, [-7, 7, -100], [2, -2, 7]],
  ['Mod', 'INT64', INT64, [-7, 7, -100], [2, -2, 7]],
  ['Pow', 'INT64', INT64, [-7, 7, 0], [2, 2, 40]],
];

async function bothWays(bytes: Uint8Array): Promise<readonly [readonly number[], readonly number[]]> {
  const x = floatTensor([3], new Float32Array(3));
  const [expected] = await runOnnxOn(bytes, [x]);
  const { model } = await readOnnx(bytesSource(bytes, 'test.onnx'));
  const [got] = await runStudio(model, { x });
  return [[...(got?.data ?? [])], [...(expected?.data ?? [])]];
}

it.each(CASES)('%s of %s', async (name, _, type, a, b) => {
  const nodes = [
    op(name, 'a b', 'c'),
    op('Cast', 'c', 'f', { to: { i: ELEMENT.FLOAT } }),
    op('Add', 'x f', 'y'),
  ];
  const initializers = [whole('a', type, a), whole('b', type, b)];
  const [got, expected] = await bothWays(
    testBytes({ nodes, inputs: { x: [3] }, outputs: ['y'], initializers }),
  );
  expect(got).toEqual(expected);
});

it.each([
  ['UINT8', UINT8],
  ['INT8', INT8],
  ['UINT16', UINT16],
  ['INT16', INT16],
  ['INT32', INT32],
])('a Cast to %s of whole numbers beyond it', async (_, to) => {
  const nodes = [
    op('Cast', 'a', 'c', { to: { i: to } }),
    op('Cast', 'c', 'f', { to: { i: ELEMENT.FLOAT } }),
    op('Add', 'x f', 'y'),
  ];
  const initializers = [whole('a', INT64, [300, -70000, 5_000_000_000])];
  const [got, expected] = await bothWays(
    testBytes({ nodes, inputs: { x: [3] }, outputs: ['y'], initializers }),
  );
  expect(got).toEqual(expected);
});
