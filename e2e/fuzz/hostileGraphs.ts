import { create } from '@bufbuild/protobuf';
import { zipSync } from 'fflate';
import { TensorProtoSchema } from '../../src/formats/onnx/gen/onnx_pb';
import { constantNode, floats, int64s, op, testBytes } from '../../src/formats/onnx/testModel';
import { openDataset } from '../../src/formats/openDataset';
import { fxFile, fxNode } from '../files/fxFile';
import type { FuzzFile } from './fuzzFormat';
import { ascii, type HostileInput, joined, openModel } from './hostileInput';
import { sources } from './seedFiles';

const MILLION = 1_000_000;
const onnx = (bytes: Uint8Array): readonly FuzzFile[] => [{ name: 'net.onnx', bytes }];
const fx = (bytes: Uint8Array): readonly FuzzFile[] => [
  { name: 'net.safetensors', bytes: new Uint8Array(bytes) },
];
const json = (value: string | object): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const tfjs = (
  layers: readonly object[],
  outputs = 'last',
  weights: readonly object[] = [],
): readonly FuzzFile[] => [
  {
    name: 'model.json',
    bytes: json({
      format: 'layers-model',
      modelTopology: {
        model_config: {
          class_name: 'Functional',
          config: { name: 'net', layers, input_layers: [['x', 0, 0]], output_layers: [[outputs, 0, 0]] },
        },
      },
      weightsManifest: [{ paths: [], weights }],
    }),
  },
];
const input = {
  class_name: 'InputLayer',
  name: 'x',
  config: { batch_input_shape: [null, 4], dtype: 'float32', name: 'x' },
  inbound_nodes: [],
};
const relu = (name: string, from: string, config: object = {}) => ({
  class_name: 'ReLU',
  name,
  config: { name, ...config },
  inbound_nodes: [[[from, 0, 0, {}]]],
});

const chain = (count: number) =>
  testBytes({
    nodes: Array.from({ length: count }, (_, i) => op('Relu', i === 0 ? 'x' : `v${i - 1}`, `v${i}`)),
    inputs: { x: ['N', 4] },
    outputs: [`v${count - 1}`],
  });

const fxChain = (count: number) =>
  fxFile(
    {
      nodes: [
        fxNode('x', 'placeholder', 'x'),
        ...Array.from({ length: count }, (_, i) =>
          fxNode(`r${i}`, 'call_function', 'torch.relu', i === 0 ? 'x' : `r${i - 1}`),
        ),
        fxNode('output', 'output', 'output', `r${count - 1}`),
      ],
      modules: {},
    },
    {},
  );

export const HOSTILE_CHAINS: readonly HostileInput[] = [
  {
    what: 'an ONNX chain of 10⁶ nodes',
    files: () => onnx(chain(MILLION)),
    open: openModel,
    refusal: 'made to do harm',
  },
  {
    what: 'an FX chain of 10⁶ nodes',
    files: () => fx(fxChain(MILLION)),
    open: openModel,
    refusal: 'at most',
  },
  {
    what: 'a TensorFlow.js chain of 10⁶ layers',
    files: () =>
      tfjs(
        [input, ...Array.from({ length: MILLION }, (_, i) => relu(`r${i}`, i === 0 ? 'x' : `r${i - 1}`))],
        `r${MILLION - 1}`,
      ),
    open: openModel,
    refusal: 'at most',
  },
];

export const HOSTILE_CYCLES: readonly HostileInput[] = [
  {
    what: 'a cycle of ONNX nodes',
    files: () =>
      onnx(
        testBytes({
          nodes: [op('Add', 'x b', 'a'), op('Relu', 'a', 'b')],
          inputs: { x: [1] },
          outputs: ['b'],
        }),
      ),
    open: openModel,
    refusal: "'b'",
  },
  {
    what: 'an ONNX node that reads itself',
    files: () => onnx(testBytes({ nodes: [op('Relu', 'a', 'a')], inputs: { x: [1] }, outputs: ['a'] })),
    open: openModel,
    refusal: "'a'",
  },
  {
    what: 'a cycle of FX nodes',
    files: () =>
      fx(
        fxFile(
          {
            nodes: [
              fxNode('x', 'placeholder', 'x'),
              fxNode('a', 'call_function', 'torch.relu', 'b'),
              fxNode('b', 'call_function', 'torch.relu', 'a'),
              fxNode('output', 'output', 'output', 'b'),
            ],
            modules: {},
          },
          {},
        ),
      ),
    open: openModel,
    refusal: "reads 'b', which is not defined before it",
  },
  {
    what: 'a cycle of TensorFlow.js layers',
    files: () => tfjs([input, relu('a', 'b'), relu('last', 'a'), relu('b', 'last')]),
    open: openModel,
    refusal: 'model.json',
  },
];

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
const linear = (features: number) =>
  fx(
    fxFile(
      {
        nodes: [
          fxNode('x', 'placeholder', 'x'),
          fxNode('fc', 'call_module', 'fc', 'x'),
          fxNode('output', 'output', 'output', 'fc'),
        ],
        modules: {
          fc: {
            type: 'torch.nn.Linear',
            attrs: { in_features: features, out_features: features, bias: false },
          },
        },
      },
      { 'fc.weight': { shape: [2, 2], data: new Float32Array(4) } },
    ),
  );
const safetensors = (header: string): readonly FuzzFile[] => {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  return [{ name: 'net.safetensors', bytes: joined(length, ascii(header), new Uint8Array(16)) }];
};
const npy = (shape: string): readonly FuzzFile[] => {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  return [
    {
      name: 'x.npy',
      bytes: joined(ascii('\x93NUMPY\x01\0'), Uint8Array.of(header.length, 0), ascii(header)),
    },
  ];
};
const openData = (files: readonly FuzzFile[]) => openDataset(sources(files));

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

export const HOSTILE_SHAPES: readonly HostileInput[] = [
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
  { what: 'an FX Linear of 10⁹ features', files: () => linear(GIANT), open: openModel, refusal: 'fc.weight' },
  { what: 'an FX Linear of 2⁶³ features', files: () => linear(2 ** 63), open: openModel, refusal: 'fc' },
  {
    what: 'a TensorFlow.js layer of 10⁹ units',
    files: () =>
      tfjs(
        [
          input,
          {
            class_name: 'Dense',
            name: 'last',
            config: { name: 'last', units: GIANT, use_bias: false },
            inbound_nodes: [[['x', 0, 0, {}]]],
          },
        ],
        'last',
        [{ name: 'last/kernel', shape: [4, GIANT], dtype: 'float32' }],
      ),
    open: openModel,
    refusal: 'model.json',
  },
  {
    what: 'a safetensors tensor of 10⁹ elements in 16 bytes',
    files: () => safetensors(`{"x":{"dtype":"F32","shape":[${GIANT}],"data_offsets":[0,16]}}`),
    open: openModel,
    refusal: "tensor 'x'",
  },
  {
    what: 'a safetensors tensor of 2⁶³ elements',
    files: () => safetensors('{"x":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,16]}}'),
    open: openModel,
    refusal: "tensor 'x'",
  },
  {
    what: 'a safetensors tensor without end',
    files: () => safetensors('{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,18446744073709551615]}}'),
    open: openModel,
    refusal: "tensor 'x'",
  },
  {
    what: 'safetensors tensors that overlap',
    files: () =>
      safetensors(
        '{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"y":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}',
      ),
    open: openModel,
    refusal: 'overlap the tensor before it',
  },
  {
    what: 'a NumPy array of 10⁹ elements without a byte',
    files: () => npy('(1000000000,)'),
    open: openData,
    refusal: 'x.npy',
  },
  {
    what: 'a NumPy array of 2⁶³ elements',
    files: () => npy('(9223372036854775808,)'),
    open: openData,
    refusal: 'x.npy',
  },
];

const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000);
const metadata = (text: string) => safetensorsOf(`{"__metadata__":{"fx":${JSON.stringify(text)}}}`);
function safetensorsOf(header: string): readonly FuzzFile[] {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  return [{ name: 'net.safetensors', bytes: joined(length, ascii(header)) }];
}
const fxNodes = (nodes: string) => metadata(`{"version":1,"nodes":[${nodes}],"modules":{}}`);

export const HOSTILE_TEXTS: readonly HostileInput[] = [
  {
    what: 'a safetensors header of lists 100,000 deep',
    files: () => safetensorsOf(`{"x":${deep('[', ']')}}`),
    open: openModel,
    refusal: "tensor 'x'",
  },
  {
    what: 'a safetensors header of a million empty objects',
    files: () => safetensorsOf(`{"x":[${'{},'.repeat(MILLION)}0]}`),
    open: openModel,
    refusal: 'net.safetensors',
  },
  {
    what: 'an FX graph of a million empty nodes',
    files: () => fxNodes(`${'{},'.repeat(MILLION)}0`),
    open: openModel,
    refusal: 'net.safetensors',
  },
  {
    what: 'an FX reference that nests 100,000 deep',
    files: () =>
      fxNodes(`{"name":"x","op":"call_method","target":"f","args":[{"node":${deep('[', ']')}}],"kwargs":{}}`),
    open: openModel,
    refusal: "node 'x'",
  },
  {
    what: 'a TensorFlow.js model of lists 100,000 deep',
    files: () => [{ name: 'model.json', bytes: json(`{"modelTopology":${deep('[', ']')}}`) }],
    open: openModel,
    refusal: 'model.json',
  },
  {
    what: 'a TensorFlow.js model of a million empty layers',
    files: () => [
      {
        name: 'model.json',
        bytes: json(
          `{"format":"layers-model","modelTopology":{"model_config":{"class_name":"Sequential","config":{"layers":[${'{},'.repeat(MILLION)}{}]}}},"weightsManifest":[]}`,
        ),
      },
    ],
    open: openModel,
    refusal: 'model.json',
  },
  {
    what: 'an exported program of lists 100,000 deep',
    files: () => [
      {
        name: 'net.pt2',
        bytes: zipSync({ 'serialized_exported_program.json': json(deep('[', ']')) }, { level: 0 }),
      },
    ],
    open: openModel,
    refusal: 'net.pt2',
  },
  {
    what: 'an exported program of a million empty objects',
    files: () => [
      {
        name: 'net.pt2',
        bytes: zipSync(
          { 'serialized_exported_program.json': json(`{"graph_module":[${'{},'.repeat(MILLION)}0]}`) },
          { level: 0 },
        ),
      },
    ],
    open: openModel,
    refusal: 'net.pt2',
  },
  {
    what: 'a CSV file of half a million rows of one digit',
    files: () => [{ name: 'x.csv', bytes: ascii('1\n'.repeat(MILLION / 2)) }],
    open: openData,
    refusal: null,
  },
  {
    what: 'a CSV file of one row of half a million digits',
    files: () => [{ name: 'x.csv', bytes: ascii(`${'1,'.repeat(MILLION / 2)}1`) }],
    open: openData,
    refusal: null,
  },
  {
    what: 'a CSV file of a million empty lines',
    files: () => [{ name: 'x.csv', bytes: ascii('\n'.repeat(MILLION)) }],
    open: openData,
    refusal: 'has no rows',
  },
];
