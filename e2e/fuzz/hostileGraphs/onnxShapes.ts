import { create } from '@bufbuild/protobuf';
import { TensorProtoSchema } from '../../../src/formats/onnx/gen/onnx_pb';
import { constantNode, floats, int64s, op, testBytes } from '../../../src/formats/onnx/testModel';
import { type HostileInput, openModel } from '../hostileInput';
import { onnx } from './files';

const GIANT = 1_000_000_000;
const giantTensor = (dims: readonly bigint[]) =>
  create(TensorProtoSchema, { name: 'w', dims: [...dims], dataType: 1, rawData: new Uint8Array(16) });
const withConstant = (opType: string, shape: readonly number[]) =>
  onnx(
    testBytes({
      nodes: [
        constantNode('s', int64s('', shape)),
        op(opType, opType === 'ConstantOfShape' ? 's' : 'c s', 'y'),
        op('Add', 'x y', 'z'),
      ],
      inputs: { x: ['N', 4] },
      outputs: ['z'],
      initializers: [floats('c', [1, 1])],
    }),
  );

/** An op along an axis that nothing in the file has. */
const alongAxis = (type: string, inputs: string, axis: number) =>
  onnx(
    testBytes({
      nodes: [op(type, inputs, 'y', type === 'Gather' ? { axis: { i: axis } } : { exclusive: { i: 1 } })],
      inputs: { x: ['N', 4] },
      outputs: ['y'],
      initializers: [int64s('from', [0]), int64s('to', [1]), int64s('axis', [axis])],
    }),
  );

export const ONNX_SHAPES: readonly HostileInput[] = [
  ...(
    [
      ['10⁹ elements', [BigInt(GIANT)]],
      ['10¹⁸ elements', [BigInt(GIANT), BigInt(GIANT)]],
      ['2⁶³ − 1 elements', [2n ** 63n - 1n]],
      ['−1 elements', [-1n]],
    ] as const
  ).map(
    ([title, dims]): HostileInput => ({
      what: `an ONNX tensor of ${title} in 16 bytes`,
      files: () =>
        onnx(
          testBytes({
            nodes: [op('Gemm', 'x w', 'y')],
            inputs: { x: ['N', 4] },
            outputs: ['y'],
            initializers: [giantTensor(dims)],
          }),
        ),
      open: openModel,
      refusal: "'w'",
    }),
  ),
  {
    what: 'an ONNX constant of 10⁹ elements',
    files: () => withConstant('ConstantOfShape', [GIANT]),
    open: openModel,
    refusal: null,
  },
  {
    what: 'an ONNX constant of 10¹⁸ elements',
    files: () => withConstant('ConstantOfShape', [GIANT, GIANT]),
    open: openModel,
    refusal: null,
  },
  {
    what: 'an ONNX constant that is expanded to 10⁹ elements',
    files: () => withConstant('Expand', [GIANT, 1]),
    open: openModel,
    refusal: null,
  },
  {
    what: 'an ONNX constant that is tiled to 10⁹ elements',
    files: () => withConstant('Tile', [GIANT, 1]),
    open: openModel,
    refusal: null,
  },
  {
    what: 'an ONNX range of 10⁹ numbers',
    files: () =>
      onnx(
        testBytes({
          nodes: [
            ...[
              ['a', 0],
              ['b', GIANT],
              ['d', 1],
            ].map(([name, value]) =>
              constantNode(
                String(name),
                create(TensorProtoSchema, { dims: [], dataType: 7, int64Data: [BigInt(value ?? 0)] }),
              ),
            ),
            op('Range', 'a b d', 'r'),
            op('Cast', 'r', 'y', { to: { i: 1 } }),
            op('Add', 'x y', 'z'),
          ],
          inputs: { x: ['N', 4] },
          outputs: ['z'],
        }),
      ),
    open: openModel,
    refusal: null,
  },
  ...(
    [
      ['Slice', 'x from to axis'],
      ['Gather', 'x from'],
      ['CumSum', 'x axis'],
    ] as const
  ).map(
    ([type, inputs]): HostileInput => ({
      what: `an ONNX ${type} along axis 2³⁰`,
      files: () => alongAxis(type, inputs, 2 ** 30),
      open: openModel,
      refusal: 'a tensor has at most 32 axes',
    }),
  ),
  {
    what: 'an ONNX GroupNormalization of 10⁹ channels',
    files: () =>
      onnx(
        testBytes({
          opset: 18,
          nodes: [op('GroupNormalization', 'x scale bias', 'y', { num_groups: { i: 2 } })],
          inputs: { x: [1, GIANT, 4] },
          outputs: ['y'],
          initializers: [floats('scale', [2]), floats('bias', [2])],
        }),
      ),
    open: openModel,
    refusal: 'channels for 2 groups',
  },
];
