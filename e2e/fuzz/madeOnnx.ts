import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { valueInfo } from '../../src/formats/onnx/file/valueInfo';
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
} from '../../src/formats/onnx/gen/onnx_pb';
import { OP_READERS } from '../../src/formats/onnx/readOps';
import type { Seed } from './fuzzFormat';

/*
 * ONNX models of ops that the studio reads, with operands, attributes and sizes at random: damage of a real model seldom
 * leaves a file that is decoded and still asks for something odd.
 */

const dim = fc.oneof(
  { weight: 8, arbitrary: fc.nat(5).map(BigInt) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(-1n, 1_000_000_000n, 2n ** 31n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)),
  },
);
const name = fc.constantFrom('x', 'w', 'b', 'c', 'v0', 'v1', 'v2', 'v3', '', '__proto__', 'constructor');
const ATTRIBUTES = [
  ...[
    'axis',
    'axes',
    'perm',
    'kernel_shape',
    'strides',
    'pads',
    'dilations',
    'group',
    'transB',
    'alpha',
    'to',
  ],
  ...[
    'value',
    'mode',
    'auto_pad',
    'keepdims',
    'equation',
    'epsilon',
    'num_outputs',
    'split',
    'shape',
    'blocksize',
  ],
  ...['output_shape', 'output_padding', 'ceil_mode', 'allowzero', 'largest', 'k', 'scale', 'scales', 'size'],
];

/** A tensor; its bytes mostly are as many as its shape says. */
const tensor = fc
  .record({
    dims: fc.array(dim, { maxLength: 4 }),
    dataType: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(1, 7) }, { weight: 1, arbitrary: fc.nat(24) }),
    fill: fc.nat(255),
    short: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(9) }),
  })
  .map(({ dims, dataType, fill, short }) => {
    const count = Number(dims.reduce((product, size) => product * size, 1n));
    const bytes = Math.max(0, (count > 0 && count < 1000 ? count : 1) * (dataType === 7 ? 8 : 4) - short);
    // Small integers, as sizes and axes are.
    const rawData = new Uint8Array(bytes).map((_, i) =>
      dataType === 7 ? (i % 8 === 0 ? fill % 5 : 0) : fill,
    );
    return { dims, dataType, rawData };
  });

const attribute = fc.oneof(
  fc.record({ type: fc.constant(2), i: dim }),
  fc.record({ type: fc.constant(7), ints: fc.array(dim, { maxLength: 5 }) }),
  fc.record({ type: fc.constant(1), f: fc.float() }),
  fc.record({ type: fc.constant(6), floats: fc.array(fc.float(), { maxLength: 4 }) }),
  fc.record({
    type: fc.constant(3),
    s: fc
      .oneof(fc.constantFrom('SAME_UPPER', 'linear', 'ij,jk->ik', 'constant', 'ii'), fc.string())
      .map((text) => new TextEncoder().encode(text)),
  }),
  tensor.map((t) => ({ type: 4, t: create(TensorProtoSchema, t) })),
);
const named = fc.tuple(fc.constantFrom(...ATTRIBUTES), attribute);

const node = fc.record({
  opType: fc.constantFrom(...Object.keys(OP_READERS), 'Loop', 'Nope'),
  input: fc.array(name, { maxLength: 4 }),
  outputs: fc.integer({ min: 1, max: 3 }),
  attributes: fc.array(named, { maxLength: 3 }),
});

export const madeOnnx: fc.Arbitrary<Seed> = fc
  .record({
    nodes: fc.array(node, { minLength: 1, maxLength: 5 }),
    // What no double holds could not be written either.
    input: fc.array(
      fc.oneof(
        dim.map((size) => Number(size) % 2 ** 53),
        fc.constant('N'),
      ),
      { maxLength: 5 },
    ),
    tensors: fc.tuple(tensor, tensor, tensor),
    opset: fc.constantFrom(6, 9, 11, 13, 17, 21),
    elementType: fc.constantFrom(1, 1, 1, 7, 9),
  })
  .map(({ nodes, input, tensors, opset, elementType }) => {
    let made = 0;
    const graph = create(GraphProtoSchema, {
      node: nodes.map(({ opType, input: reads, outputs, attributes }) =>
        create(NodeProtoSchema, {
          opType,
          input: reads,
          output: Array.from({ length: outputs }, () => `v${made++}`),
          attribute: attributes.map(([key, value]) => create(AttributeProtoSchema, { name: key, ...value })),
        }),
      ),
      initializer: tensors.map((value, i) =>
        create(TensorProtoSchema, { ...value, name: ['w', 'b', 'c'][i] ?? '' }),
      ),
      input: [valueInfo('x', input, elementType)],
      output: [valueInfo(`v${made - 1}`, null, elementType)],
    });
    const model = create(ModelProtoSchema, {
      irVersion: 8n,
      producerName: 'made',
      opsetImport: [{ domain: '', version: BigInt(opset) }],
      graph,
    });
    return [{ name: 'made.onnx', bytes: toBinary(ModelProtoSchema, model) }];
  });
