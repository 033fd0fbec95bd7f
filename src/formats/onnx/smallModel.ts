import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { floatTensor, sizeOf } from '../../graph/tensor';
import { ELEMENT } from './file/elementTypes';
import { encodeModel } from './file/modelProto';
import { int64Proto, tensorProto } from './file/tensorWrite';
import { valueInfo } from './file/valueInfo';
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  ModelProtoSchema,
  type TensorProto,
} from './gen/onnx_pb';

type Attribute = MessageInitShape<typeof AttributeProtoSchema>;

const ints = (name: string, ...values: readonly number[]): Attribute => ({
  name,
  type: AttributeProto_AttributeType.INTS,
  ints: values.map(BigInt),
});
const int = (name: string, value: number): Attribute => ({
  name,
  type: AttributeProto_AttributeType.INT,
  i: BigInt(value),
});

const node = (opType: string, input: readonly string[], output: string, ...attribute: Attribute[]) => ({
  opType,
  name: output,
  input: [...input],
  output: [output],
  attribute,
});

const floats = (name: string, ...dims: readonly number[]): TensorProto =>
  tensorProto(
    name,
    floatTensor(
      dims,
      Float32Array.from({ length: sizeOf(dims) }, (_, i) => 1 + (i % 7)),
    ),
  );

const NODES = [
  node('Conv', ['x', 'filters'], 'conv', ints('kernel_shape', 3, 3), ints('pads', 1, 1, 1, 1)),
  node('BatchNormalization', ['conv', 'four', 'four', 'four', 'four'], 'norm'),
  node('Relu', ['norm'], 'relu'),
  node('Mul', ['relu', 'one'], 'mul'),
  node('Add', ['mul', 'one'], 'add'),
  node('AveragePool', ['add'], 'pool', ints('kernel_shape', 2, 2), ints('strides', 2, 2)),
  node('Sigmoid', ['pool'], 'sigmoid'),
  node('Concat', ['sigmoid', 'pool'], 'concat', int('axis', 1)),
  node('Shape', ['concat'], 'shape'),
  node('Slice', ['shape', 'zero', 'first'], 'batch'),
  node('Concat', ['batch', 'eight', 'rest'], 'sizes', int('axis', 0)),
  node('Reshape', ['concat', 'sizes'], 'reshaped'),
  node('Transpose', ['reshaped'], 'rows', ints('perm', 0, 2, 1)),
  node('ReduceMean', ['rows'], 'mean', ints('axes', -1), int('keepdims', 1)),
  node('Sub', ['rows', 'mean'], 'centred'),
  node('MatMul', ['centred', 'matrix'], 'product'),
  node('Softmax', ['product'], 'y', int('axis', 2)),
];

/** An ONNX file of some common ops, about 2 kB: what reads it has been compiled when the user's file comes. */
export const smallModel = (): Uint8Array =>
  encodeModel(
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: '', version: 13n }],
      graph: {
        name: 'small',
        node: NODES,
        input: [valueInfo('x', ['batch', 3, 8, 8], ELEMENT.FLOAT)],
        output: [valueInfo('y', ['batch', 16, 5], ELEMENT.FLOAT)],
        initializer: [
          floats('filters', 4, 3, 3, 3),
          floats('four', 4),
          floats('one', 1),
          floats('matrix', 8, 5),
          int64Proto('zero', [0]),
          int64Proto('first', [1]),
          int64Proto('eight', [8]),
          int64Proto('rest', [-1]),
        ],
      },
    }),
  );
